// SPDX-License-Identifier: Apache-2.0
#include "console/build_view.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "console/duration_text.hpp"
#include "console/table.hpp"

namespace ostler::console {
namespace {

using wire::RestJobAnswer;
using wire::RestJobProgress;

constexpr std::string_view kIndent = "    ";
constexpr std::size_t kLastLines = 10;
/// A word to the page that shows logs folded: not for a terminal.
constexpr std::string_view kOpensSection = "^^^ +++";
constexpr std::size_t kLongestTitle = 60;

struct Verdict {
  std::string_view word;
  Style style;
};

Verdict verdict_of(RestJobProgress progress) {
  switch (progress) {
    case RestJobProgress::Waiting: return {"waiting", Style::Faint};
    case RestJobProgress::Running: return {"running", Style::Plain};
    case RestJobProgress::Passed: return {"passed", Style::Good};
    case RestJobProgress::Failed: return {"failed", Style::Bad};
    case RestJobProgress::TimedOut: return {"timed out", Style::Bad};
    case RestJobProgress::Canceled: return {"canceled", Style::Warning};
    case RestJobProgress::NotRun: return {"did not run", Style::Faint};
  }
  return {"", Style::Plain};
}

bool has_failed(const RestJobAnswer& job) {
  return job.progress == RestJobProgress::Failed || job.progress == RestJobProgress::TimedOut;
}

std::string time_of(const RestJobAnswer& job) {
  if (!job.started_at || !job.finished_at) return "";
  return duration_text(*job.finished_at - *job.started_at);
}

bool starts_with_any(std::string_view line, std::initializer_list<std::string_view> prefixes) {
  return std::ranges::any_of(prefixes, [line](auto prefix) { return line.starts_with(prefix); });
}

/// Whether a line begins a part of a job's log.
bool is_header(std::string_view line) { return starts_with_any(line, {"~~~ ", "--- ", "+++ "}); }

/// What the agent adds to say that a command failed; the reason says it again.
/// Source: job-lifecycle, 1.18.
bool repeats_reason(std::string_view line) {
  return starts_with_any(
      line, {"\U0001F6A8 Error: The command exited with status", "user command error: "});
}

/// The style of a line that is a header of a job's log.
Style style_of(std::string_view line) {
  if (line.starts_with("~~~ ")) return Style::Faint;
  if (line.starts_with("--- ") || line.starts_with("+++ ")) return Style::Bold;
  return Style::Plain;
}

}  // namespace

std::string job_title(const RestJobAnswer& job) {
  std::string title = job.name.empty() ? job.step_key : job.name;
  if (title.empty()) title = job.command.substr(0, job.command.find('\n'));
  if (title.empty()) title = "step without a command";
  if (width_of(title) <= kLongestTitle) return title;
  return title.substr(0, kLongestTitle) + "...";
}

std::string job_reason(const RestJobAnswer& job) {
  if (!has_failed(job)) return "";
  if (!job.signal.empty()) return "killed by " + job.signal;
  if (job.signal_reason == "process_run_error") return "its command could not be run";
  if (job.progress == RestJobProgress::TimedOut) return "it took longer than its timeout";
  return job.exit_status ? "exit status " + std::to_string(*job.exit_status) : "";
}

void BuildView::begin_job(const RestJobAnswer& job) {
  last_lines_.clear();
  terminal_.print_line("");
  terminal_.print_line(terminal_.styled("==> " + job_title(job), Style::Bold));
}

void BuildView::show_lines(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) show_line(line);
}

void BuildView::show_line(std::string_view line) {
  if (line.starts_with(kOpensSection)) return;
  terminal_.print_line(std::string(kIndent) + terminal_.styled(line, style_of(line)));
  if (repeats_reason(line)) return;
  if (is_header(line)) return last_lines_.clear();
  last_lines_.emplace_back(line);
  if (last_lines_.size() > kLastLines) last_lines_.pop_front();
}

void BuildView::end_job(const RestJobAnswer& job) {
  const Verdict verdict = verdict_of(job.progress);
  std::string line = terminal_.styled("<== " + std::string(verdict.word), verdict.style);
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
    if (has_failed(job)) explain(job);
  }
}

void BuildView::show_table(const wire::RestBuildAnswer& build) {
  std::vector<std::vector<Cell>> rows;
  for (const RestJobAnswer& job : build.jobs) {
    if (job.type != "script") continue;
    const Verdict verdict = verdict_of(job.progress);
    rows.push_back({{job_title(job)},
                    {std::string(verdict.word), verdict.style},
                    {time_of(job)},
                    {job_reason(job)}});
  }
  for (const std::string& line : table_lines(rows, terminal_)) terminal_.print_line(line);
}

void BuildView::show_command(std::string_view command) {
  while (!command.empty()) {
    const std::string_view line = command.substr(0, command.find('\n'));
    command.remove_prefix(std::min(command.size(), line.size() + 1));
    terminal_.print_line(std::string(kIndent) + "$ " + std::string(line));
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
