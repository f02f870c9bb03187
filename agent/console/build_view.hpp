// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "console/terminal.hpp"
#include "wire/rest_answers.hpp"

namespace ostler::console {

/// Shows a build as it runs: the log of one job after the other, then what became of all.
class BuildView {
 public:
  explicit BuildView(Terminal& terminal) : terminal_(terminal) {}

  void begin_job(const wire::RestJobAnswer& job);
  /// Lines of the job that began last.
  void show_lines(const std::vector<std::string>& lines);
  void end_job(const wire::RestJobAnswer& job);
  /// A job failed whose log is not shown yet.
  void note_failure(const wire::RestJobAnswer& job);
  void note(std::string_view text);

  /// One row per job, then of each failed one its command and last lines.
  void summarise(const wire::RestBuildAnswer& build);

 private:
  /// How far the log has come of what its job failed of.
  enum class Failure : std::uint8_t {
    Untold,
    Told,  ///< in the part of the log that is shown
    Past,  ///< what follows comes after it, such as the upload of artifacts
  };

  void show_line(std::string_view line);
  void begin_part(std::string_view header);
  void show_table(const wire::RestBuildAnswer& build);
  void show_command(std::string_view command);
  void explain(const wire::RestJobAnswer& job);

  Terminal& terminal_;
  std::deque<std::string> last_lines_;  ///< of the job that is shown
  std::string header_;                  ///< the agent's last one in it
  Failure failure_ = Failure::Untold;
  std::map<std::string, std::deque<std::string>> failed_lines_;  ///< by job id
};

}  // namespace ostler::console
