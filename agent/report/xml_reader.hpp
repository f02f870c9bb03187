// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.hpp"

namespace ostler::report {

/// The attributes of an element.
class XmlAttributes {
 public:
  /// `pairs`: names and values by turns, then a null pointer. Requires: they outlive it.
  explicit XmlAttributes(const char* const* pairs) : pairs_(pairs) {}
  /// Empty when there is none of that name.
  std::string_view operator[](std::string_view name) const;

 private:
  const char* const* pairs_;
};

/// Told of elements in the order of the text.
class XmlVisitor {
 public:
  /// An error ends the reading, and is what it comes to.
  virtual Result<void> begin(std::string_view name, const XmlAttributes& attributes) = 0;
  virtual void text(std::string_view /*part*/) {}
  virtual void end(std::string_view name) = 0;

 protected:
  ~XmlVisitor() = default;
};

/// Reads a document that may be hostile: no entity is declared in it, none of another file is read,
/// and elements are in each other 100 deep at most. Errors: UserFault, with line and column.
Result<void> read_xml(std::string_view text, XmlVisitor& visitor);

}  // namespace ostler::report
