// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "console/live_rows.hpp"
#include "wire/rest_answers.hpp"

// A build while it runs, as a picture of a terminal.
namespace ostler::console {

/// What the picture is made of. All of it outlives the call.
struct LivePage {
  const wire::RestBuildAnswer& build;
  std::string_view chosen;             ///< id of the job whose log is shown; empty: none
  const std::deque<std::string>& log;  ///< its last lines, as LogLines makes them
  std::string_view unfinished;         ///< what has come of the next one
  std::optional<std::chrono::microseconds> usual;  ///< how long such builds take
  std::string_view note;                           ///< something to say; empty: nothing
  OpenGroups open;
  Timestamp now;
};

struct PageSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
  bool has_colours = true;
};

/// The lines of the picture, at most as many as there are rows, none wider than the columns: the
/// build, its jobs and folded groups (those around the chosen one, where there is no room for all),
/// the log.
std::vector<std::string> live_lines(const LivePage& page, const PageSize& size);

/// The job whose log somebody wants to see who has not chosen one: the `shown` one while it runs,
/// else of those that run the one that began first, else the first that failed, else the shown one,
/// else the one that ended last. Empty: none has begun.
std::string job_to_show(const wire::RestBuildAnswer& build, std::string_view shown);

/// The job `steps` rows below (or above) the one with the id `chosen`; at the ends, that one. For a
/// folded group its last job stands.
std::string job_beside(const wire::RestBuildAnswer& build, std::string_view chosen, int steps,
                       OpenGroups open);

/// The median of how long these builds took; none when none of them has finished.
std::optional<std::chrono::microseconds> usual_duration(
    const std::vector<wire::RestBuildAnswer>& builds);

/// "about 2m 05s left", "0.4s longer than usual"; empty when nothing can be said.
std::string time_left_text(const wire::RestBuildAnswer& build,
                           std::optional<std::chrono::microseconds> usual, Timestamp now);

/// `line`, cut to `columns`: escape sequences of colours take none, a tab goes to the next eighth.
std::string cut_line(std::string_view line, std::size_t columns);

}  // namespace ostler::console
