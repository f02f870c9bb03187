// SPDX-License-Identifier: Apache-2.0
#include "console/build_view.hpp"

#include <algorithm>
#include <utility>

#include "console/duration_text.hpp"
#include "console/job_folds.hpp"
#include "console/job_words.hpp"
#include "console/log_marks.hpp"
#include "console/plain_text.hpp"
#include "console/table.hpp"

namespace ostler::console {
namespace {

using wire::RestJobAnswer;

constexpr std::string_view kIndent = "    ";
constexpr std::size_t kLastLines = 10;

std::string time_of(const RestJobAnswer& job) {
  if (!job.started_at || !job.finished_at) return "";
  return duration_text(*job.finished_at - *job.started_at);
}

}  // namespace

void BuildView::begin_job(const RestJobAnswer& job) {
  last_lines_.clear();
  header_.clear();
  failure_ = Failure::Untold;
  terminal_.print_line("");
  terminal_.print_line(terminal_.styled("==> " + job_title(job), Style::Bold));
}

void BuildView::show_lines(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) show_line(line);
}

void BuildView::show_line(std::string_view line) {
  if (opens_section(line)) return;
  terminal_.print_line(std::string(kIndent) + terminal_.styled(line, style_of_line(line)));
  if (failure_ == Failure::Past) return;
  if (is_header(line)) return begin_part(line);
  if (tells_failure(line, header_)) failure_ = Failure::Told;
  if (repeats_reason(line)) return;
  last_lines_.emplace_back(line);
  if (last_lines_.size() > kLastLines) last_lines_.pop_front();
}

void BuildView::begin_part(std::string_view header) {
  if (failure_ == Failure::Untold) {
    last_lines_.clear();
    if (is_agent_header(header)) header_ = header;
  } else if (is_agent_header(header)) {
    failure_ = Failure::Past;
  }
}

void BuildView::end_job(const RestJobAnswer& job) {
  const Cell verdict = job_verdict(job);
  std::string line = terminal_.styled("<== " + verdict.text, verdict.style);
  if (const std::string time = time_of(job); !time.empty()) line += " in " + time;
  if (const std::string reason = job_reason(job); !reason.empty()) line += ": " + reason;
  terminal_.print_line(line);
  if (has_failed(job)) failed_lines_[job.id] = std::exchange(last_lines_, {});
}

void BuildView::note_failure(const RestJobAnswer& job) {
  note("meanwhile " + job_title(job) + " failed: " + job_reason(job) + "; its log follows");
}

void BuildView::note(std::string_view text) {
  terminal_.print_line(terminal_.styled(text, Style::Warning));
}

void BuildView::summarise(const wire::RestBuildAnswer& build) {
  terminal_.print_line("");
  show_table(build);
  for (const RestJobAnswer& job : build.jobs) {
    if (has_failed(job) && !job.retried && !job.soft_failed) explain(job);
  }
}

void BuildView::show_table(const wire::RestBuildAnswer& build) {
  std::vector<std::vector<Cell>> rows;
  for (const JobFold& fold : folds_of(build.jobs)) {
    if (fold.is_folded()) {
      rows.push_back(folded_row(fold));
      continue;
    }
    if (!fold.title.empty()) rows.push_back({{fold.title, Style::Bold}});
    for (const RestJobAnswer* job : fold.jobs) {
      rows.push_back(
          {title_in(fold, *job), job_verdict(*job), {time_of(*job)}, {job_reason(*job)}});
    }
  }
  for (const std::string& line : table_lines(rows, terminal_)) terminal_.print_line(line);
}

void BuildView::show_command(std::string_view command) {
  while (!command.empty()) {
    const std::string_view line = command.substr(0, command.find('\n'));
    command.remove_prefix(std::min(command.size(), line.size() + 1));
    terminal_.print_line(std::string(kIndent) + "$ " + plain_line(line));
  }
}

void BuildView::explain(const RestJobAnswer& job) {
  terminal_.print_line("");
  terminal_.print_line(
      terminal_.styled(job_title(job) + " failed: " + job_reason(job), Style::Bad));
  const auto& lines = failed_lines_[job.id];
  if (lines.empty() || !lines.front().starts_with("$ ")) show_command(job.command);
  for (const std::string& line : lines) {
    terminal_.print_line(std::string(kIndent) + line);
  }
}

}  // namespace ostler::console
