// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

// What the headers of the SDK say of their functions, types and classes.
namespace ostler::sdk {

/// What stands in brackets behind a comment: "[any-thread & running | blocks | works]".
struct Terms {
  std::string thread;  ///< and the states
  std::string blocking;
  std::string cancel;

  /// Where these say nothing, those say it.
  Terms or_else(const Terms& those) const;
  bool is_whole() const { return !thread.empty() && !blocking.empty() && !cancel.empty(); }
};

/// One entry of the reference.
struct Item {
  enum class Kind { Section, Type, Function, Class };
  Kind kind = Kind::Type;
  std::string name;     ///< "ostler_step.run", "ostler_http_send", "ostler.log/1", "ostler::State"
  std::string comment;  ///< without its marks and terms
  std::string code;     ///< the declaration
  Terms terms = {};     ///< of a function: all that is known
};

struct Header {
  std::string name;   ///< "ostler/abi.h"
  std::string about;  ///< its first comment
  Terms terms = {};   ///< of what says nothing else
  std::vector<Item> items = {};
};

/// A header in C. `general`: the terms of functions of which neither it nor they say any.
Header read_c_header(const std::string& name, const std::string& text, const Terms& general);

/// A header of the wrapper in C++.
Header read_cpp_header(const std::string& name, const std::string& text);

}  // namespace ostler::sdk
