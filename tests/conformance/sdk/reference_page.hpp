// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "conformance/sdk/header_reader.hpp"

namespace ostler::sdk {

/// The headers that authors of plugins include, in the order of the reference.
std::vector<Header> read_headers(const std::string& include_directory);

/// sdk/reference.md.
std::string reference_page(const std::vector<Header>& headers);

}  // namespace ostler::sdk
