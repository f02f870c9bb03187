// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <ctime>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "files/should_stop.hpp"
#include "plugin_host/box_run.hpp"
#include "plugin_host/scratch_directory.hpp"
#include "plugin_host/step_plan.hpp"

namespace ostler::plugin_host {

/// The resources of a plugin as files, for one run: in a directory of their own, which is removed
/// with them. A box may read them and nothing else.
class StepResources {
 public:
  /// Copies them out of the sealed memory file; in /tmp when `parent` is empty.
  /// Errors: of the file system; Cancelled after a `stop`, and nothing is left of them.
  static Result<StepResources> unpack(const std::string& parent,
                                      const std::vector<Resource>& resources, int packed,
                                      const files::ShouldStop& stop = {});

  /// The same by hand: a directory, each resource, which lies in `packed` from `from` on, and the
  /// end of it.
  static Result<StepResources> begin(const std::string& parent, int packed);
  Result<void> add(const Resource& resource, off_t from, const files::ShouldStop& stop = {});
  /// From now on nothing comes to the directory. Errors: Denied when one was changed since.
  Result<void> close();

  /// Empty when the plugin has none.
  std::string path() const;
  /// Lets a run read them, and its commands of the profile workspace.
  void give_to(BoxSpec& spec) const;
  /// A run that ended with others than were written is no success, whatever it says: somebody else
  /// has changed one meanwhile. Reads them all; after a `stop` it is no success either, but counts
  /// as cancelled.
  void judge(BoxVerdict& verdict, const files::ShouldStop& stop = {}) const;

 private:
  /// Of the file that was written. Who writes to it or names another so changes one of these.
  struct Mark {
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = 0;
    timespec changed = {};
  };
  struct Written {
    Resource resource;
    off_t from = 0;  ///< in the memory file
    Mark mark;
  };
  static std::optional<Mark> mark_of(int file);
  std::string path_of(const Resource& resource) const;
  static bool is_marked(const Written& one, int file);
  bool is_as_written(const Written& one, const files::ShouldStop& stop) const;
  UniqueFd open_again(const Written& one) const;

  std::optional<ScratchDirectory> directory_;
  UniqueFd packed_;
  std::vector<Written> written_;
};

}  // namespace ostler::plugin_host
