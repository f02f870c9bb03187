// SPDX-License-Identifier: Apache-2.0
#include "console/live_page.hpp"

#include <algorithm>
#include <utility>

#include "console/build_page.hpp"
#include "console/duration_text.hpp"
#include "console/job_words.hpp"
#include "console/log_marks.hpp"
#include "console/plain_text.hpp"
#include "console/table.hpp"

namespace ostler::console {
namespace {

using wire::RestBuildAnswer;
using wire::RestJobAnswer;
using wire::RestJobProgress;
using Jobs = std::vector<const RestJobAnswer*>;
using Lines = std::vector<std::string>;

constexpr std::size_t kTab = 8;
/// The rows besides jobs and log: the build, the line above the log, what the keys do.
constexpr std::size_t kFrame = 3;

/// Waiters are nothing to look at.
Jobs jobs_of(const RestBuildAnswer& build) {
  Jobs jobs;
  for (const RestJobAnswer& job : build.jobs) {
    if (job.type != "waiter") jobs.push_back(&job);
  }
  return jobs;
}

std::size_t place_of(const Jobs& jobs, std::string_view id) {
  const auto at = std::ranges::find_if(jobs, [&](const auto* job) { return job->id == id; });
  return at == jobs.end() ? 0 : static_cast<std::size_t>(at - jobs.begin());
}

std::string head_line(const LivePage& page, const Terminal& terminal) {
  const RestBuildAnswer& build = page.build;
  const Cell verdict = build_verdict(build);
  std::vector<Cell> row{build_cell(build),
                        verdict,
                        {build_time(build, page.now)},
                        {time_left_text(build, page.usual, page.now), Style::Faint},
                        {plain_line(build.branch)},
                        {plain_line(build.message), Style::Faint}};
  std::erase_if(row, [](const Cell& cell) { return cell.text.empty(); });
  return table_lines({std::move(row)}, terminal, 2).front();
}

/// The rows of jobs, the chosen one among them, below the name of the group that they begin in.
Lines job_lines(const LivePage& page, const std::vector<LiveRow>& all, std::size_t most,
                const Terminal& terminal) {
  const std::size_t count = std::min(most, all.size());
  const std::size_t chosen = row_of(all, page.chosen);
  const std::size_t first = std::min(chosen - std::min(chosen, count / 2), all.size() - count);
  std::vector<std::vector<Cell>> rows;
  for (std::size_t at = first; at < first + count; ++at) {
    LiveRow row = all[at];
    const bool is_chosen = row.holds(page.chosen);
    const bool is_cut_off = at == first && row.job != nullptr && !row.fold->title.empty();
    if (is_cut_off && !is_chosen) row = {row.fold, nullptr, false};
    rows.push_back(live_cells(row, is_chosen, page.now));
  }
  return table_lines(rows, terminal, 1);
}

std::string separator(const LivePage& page, const Jobs& jobs, bool has_all,
                      const Terminal& terminal) {
  std::string text = "--";
  const std::size_t at = place_of(jobs, page.chosen);
  const bool is_there = at < jobs.size() && jobs[at]->id == page.chosen;
  const Cell title = is_there ? job_title_cell(*jobs[at]) : Cell{};
  if (is_there) text += " log of " + title.text;
  std::string place;
  if (!has_all) {
    place = " (job " + std::to_string(at + 1) + " of " + std::to_string(jobs.size()) + ")";
  }
  const std::size_t room = terminal.columns() > 1 ? terminal.columns() - 1 : 1;
  text = shortened(text + place, room, title.tail + place.size()) + " ";
  const std::size_t width = std::min(terminal.columns(), width_of(text));
  return terminal.styled(text.append(terminal.columns() - width, '-'), Style::Faint);
}

std::string log_line(const std::string& line, const Terminal& terminal) {
  const std::string cut = cut_line(line, terminal.columns());
  return is_header(line) ? terminal.styled(cut, style_of_line(line)) : cut;
}

/// As many as there is room for, the newest ones.
Lines log_lines(const LivePage& page, std::size_t room, const Terminal& terminal) {
  Lines lines;
  const std::size_t last = page.unfinished.empty() || room == 0 ? 0 : 1;
  const std::size_t count = std::min(room - last, page.log.size());
  for (std::size_t at = page.log.size() - count; at < page.log.size(); ++at) {
    lines.push_back(log_line(page.log[at], terminal));
  }
  if (last != 0) lines.push_back(log_line(std::string(page.unfinished), terminal));
  lines.resize(room);
  return lines;
}

std::string_view keys_of(const LivePage& page, const std::vector<JobFold>& folds) {
  if (!page.note.empty()) return page.note;
  const bool has_groups =
      std::ranges::any_of(folds, [](const auto& f) { return !f.title.empty(); });
  if (!has_groups) return "up, down: another job   q: leave";
  return page.open == OpenGroups::All ? "up, down: job  g: close groups  q: leave"
                                      : "up, down: job  g: open groups  q: leave";
}

}  // namespace

std::vector<std::string> live_lines(const LivePage& page, const PageSize& size) {
  const Terminal terminal(size.has_colours, size.columns);
  const auto folds = folds_of(page.build.jobs);
  const auto all = live_rows(folds, page.open);
  Lines lines{head_line(page, terminal)};
  const std::size_t room = size.rows > kFrame ? size.rows - kFrame : 1;
  const Lines rows = job_lines(page, all, std::max<std::size_t>(room / 2, 1), terminal);
  lines.insert(lines.end(), rows.begin(), rows.end());
  lines.push_back(separator(page, jobs_of(page.build), rows.size() == all.size(), terminal));
  const Lines log = log_lines(page, room - std::min(room, rows.size()), terminal);
  lines.insert(lines.end(), log.begin(), log.end());
  const std::string keys = shortened(keys_of(page, folds), size.columns);
  lines.push_back(terminal.styled(keys, Style::Faint));
  lines.resize(std::min(lines.size(), size.rows));
  return lines;
}

std::string job_to_show(const RestBuildAnswer& build, std::string_view shown) {
  const RestJobAnswer* running = nullptr;
  const RestJobAnswer* ended = nullptr;
  for (const RestJobAnswer* job : jobs_of(build)) {
    if (!job->started_at) continue;
    const bool is_running = job->progress == RestJobProgress::Running;
    if (is_running && job->id == shown) return job->id;
    if (is_running && (!running || job->started_at < running->started_at)) running = job;
    if (!is_running && (!ended || job->finished_at >= ended->finished_at)) ended = job;
  }
  if (running) return running->id;
  if (const RestJobAnswer* failed = first_failure(build); failed && failed->started_at) {
    return failed->id;
  }
  if (!shown.empty()) return std::string(shown);
  return ended ? ended->id : "";
}

std::string job_beside(const RestBuildAnswer& build, std::string_view chosen, int steps,
                       OpenGroups open) {
  const auto folds = folds_of(build.jobs);
  auto rows = live_rows(folds, open);
  std::erase_if(rows, [](const LiveRow& row) { return !row.can_be_chosen(); });
  if (rows.empty()) return "";
  const auto last = std::ssize(rows) - 1;
  const auto at = static_cast<std::ptrdiff_t>(row_of(rows, chosen)) + steps;
  const LiveRow& row = rows[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(at, 0, last))];
  return row.holds(chosen) ? std::string(chosen) : row.shown_job().id;
}

std::optional<std::chrono::microseconds> usual_duration(
    const std::vector<RestBuildAnswer>& builds) {
  std::vector<std::chrono::microseconds> durations;
  for (const RestBuildAnswer& build : builds) {
    if (build.started_at && build.finished_at) {
      durations.push_back(*build.finished_at - *build.started_at);
    }
  }
  if (durations.empty()) return std::nullopt;
  const auto middle = durations.begin() + std::ssize(durations) / 2;
  std::ranges::nth_element(durations, middle);
  return *middle;
}

std::string time_left_text(const RestBuildAnswer& build,
                           std::optional<std::chrono::microseconds> usual, Timestamp now) {
  if (!usual || !build.started_at || build.finished_at) return "";
  const auto left = *usual - (now - *build.started_at);
  if (left >= std::chrono::microseconds(0)) return "about " + duration_text(left) + " left";
  return duration_text(-left) + " longer than usual";
}

std::string cut_line(std::string_view line, std::size_t columns) {
  std::string cut;
  bool has_colour = false;
  for (std::size_t at = 0, width = 0; at < line.size();) {
    const char c = line[at];
    if (c == '\x1b') {
      const std::size_t end = std::min(line.find('m', at), line.size() - 1) + 1;
      cut += line.substr(at, end - at);
      at = end;
      has_colour = true;
      continue;
    }
    std::size_t bytes = 1;
    while (at + bytes < line.size() && (line[at + bytes] & 0xC0) == 0x80) ++bytes;
    const std::size_t wide = c == '\t' ? kTab - width % kTab : 1;
    if (width + wide > columns) break;
    cut += c == '\t' ? std::string(wide, ' ') : std::string(line.substr(at, bytes));
    width += wide;
    at += bytes;
  }
  return has_colour ? cut + "\x1b[0m" : cut;
}

}  // namespace ostler::console
