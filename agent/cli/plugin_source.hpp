// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "plugin_host/bundle.hpp"

namespace ostler::cli {

/// The plugin that a person names as a directory, a tar archive, or URL#SHA256 of one; unpacked
/// into `scratch` where it is packed. Errors: those of open_bundle and unpack_bundle; Denied when
/// what came has another digest.
Result<plugin_host::Bundle> open_plugin_source(const std::string& source,
                                               const std::filesystem::path& scratch);

}  // namespace ostler::cli
