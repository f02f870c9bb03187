// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ostler::object_store {

/// The text of the first element of that name in an answer of a store, entities read; empty when
/// there is none. For the flat answers that stores give, whose elements have no attributes.
std::string xml_text(std::string_view document, std::string_view element);

/// Text as the content of an element.
std::string xml_escaped(std::string_view text);

}  // namespace ostler::object_store
