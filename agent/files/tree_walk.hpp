// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.hpp"

namespace ostler::files {

/// What is done on the way through a tree.
class TreeVisitor {
 public:
  virtual ~TreeVisitor() = default;
  /// An entry of the open directory `parent`. True: it is a directory to go into.
  virtual Result<bool> meet(int parent, const std::string& name) = 0;
  /// The same one, with all beneath it done.
  virtual Result<void> leave(int parent, const std::string& name) = 0;
  /// It cannot be gone into or listed. By default, that is the end.
  virtual Result<void> pass(Error error) { return error; }
  /// Whether nothing is there any more that was met, or met and left.
  virtual bool removes() const { return false; }
};

/// Goes through `path` and all beneath it, however deep and however many are in one directory, with
/// a few descriptors and little memory. Follows no symbolic link; gives himself the rights `needed`
/// to directories that this user closed to himself. What goes meanwhile is passed over. Errors: of
/// the visitor, with the path; Conflict when somebody moves a directory meanwhile.
Result<void> walk_tree(const std::string& path, TreeVisitor& visitor, mode_t needed);

}  // namespace ostler::files
