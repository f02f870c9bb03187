// SPDX-License-Identifier: Apache-2.0
#pragma once

// Git repositories through libgit2. No type of libgit2 leaves this room; each of its resources has
// one owner type in handles.hpp, and native_error.hpp reads its error in the statement after a
// call.
namespace ostler::git {

/// Holds libgit2 ready. One must live while anything else of this room is used; nesting is fine.
class Library {
 public:
  Library();
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
};

}  // namespace ostler::git
