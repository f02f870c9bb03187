// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace ostler::object_store {

/// Whether a URL may be sent a secret: over https, or over http where the host is this machine or
/// one of `others`, which are whole hosts. None that names a user: those hide the host.
bool may_be_told_secrets(const std::string& url, std::span<const std::string_view> others = {});

}  // namespace ostler::object_store
