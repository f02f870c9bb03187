// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <ctime>
#include <optional>
#include <string>
#include <vector>

#include "plugin_host/box_run.hpp"
#include "plugin_host/scratch_directory.hpp"
#include "plugin_host/step_plan.hpp"

namespace ostler::plugin_host {

/// The resources of a plugin as files, for one run: in a directory of their own, which is removed
/// with them. A box may read them and nothing else.
class StepResources {
 public:
  /// Copies them out of the sealed memory file; in /tmp when `parent` is empty.
  /// Errors: of the file system.
  static Result<StepResources> unpack(const std::string& parent,
                                      const std::vector<Resource>& resources, int packed);

  /// Empty when the plugin has none.
  std::string path() const;
  /// Lets a run read them, and its commands of the profile workspace.
  void give_to(BoxSpec& spec) const;
  /// A run that ended with others than it began with is no success, whatever it says: somebody else
  /// has changed one meanwhile.
  void judge(BoxVerdict& verdict) const;

 private:
  /// Nobody can change a file and keep both.
  struct Mark {
    ino_t inode = 0;
    timespec changed = {};
  };
  Result<void> write(const Resource& resource, int packed, off_t from);
  Result<void> close_and_mark();
  std::optional<Mark> mark_of(const std::string& name) const;

  std::optional<ScratchDirectory> directory_;
  std::vector<std::pair<std::string, Mark>> marks_;
};

}  // namespace ostler::plugin_host
