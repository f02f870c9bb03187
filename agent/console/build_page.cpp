// SPDX-License-Identifier: Apache-2.0
#include "console/build_page.hpp"

#include <algorithm>
#include <ranges>
#include <set>
#include <utility>

#include "base/uuid_prefix.hpp"
#include "console/duration_text.hpp"
#include "console/job_folds.hpp"
#include "console/job_words.hpp"
#include "console/log_marks.hpp"
#include "console/plain_text.hpp"
#include "console/table.hpp"

namespace ostler::console {
namespace {

using wire::RestBuildAnswer;
using wire::RestJobAnswer;
using Rows = std::vector<std::vector<Cell>>;

constexpr std::string_view kInset = "  ";
constexpr std::size_t kLongestReason = 600;      // columns
constexpr std::size_t kLongestReasonOfRow = 80;  // the line below the table has more

std::string short_commit(const std::string& commit) {
  constexpr std::size_t kShown = 10;
  return plain_line(commit).substr(0, kShown);
}

std::string age_of(const RestBuildAnswer& build, Timestamp now) {
  return build.created_at ? age_text(now - *build.created_at) : "";
}

std::string maker_of(const RestBuildAnswer& build) {
  const std::string source = plain_line(build.source);
  if (build.creator_name.empty()) return source;
  return plain_line(build.creator_name) + (source.empty() ? "" : " (" + source + ")");
}

void add_fact(Rows& rows, const char* name, std::string value) {
  if (!value.empty()) rows.push_back({{name, Style::Faint}, {std::move(value)}});
}

void print_rows(const Rows& rows, std::size_t whole, Terminal& terminal) {
  for (const std::string& line : table_lines(rows, terminal, whole)) terminal.print_line(line);
}

/// Whole, however narrow the terminal is: they are taken from it.
void print_fact_rows(const Rows& rows, Terminal& terminal) {
  const Terminal wide(terminal.has_colours());
  for (const std::string& line : table_lines(rows, wide)) terminal.print_line(line);
}

void print_facts(const RestBuildAnswer& build, Timestamp now, Terminal& terminal) {
  Rows rows;
  add_fact(rows, "branch", plain_line(build.branch));
  add_fact(rows, "commit", plain_line(build.commit));
  add_fact(rows, "by", maker_of(build));
  add_fact(rows, "made", age_of(build, now));
  add_fact(rows, "reason", plain_line(build.cancel_reason));
  add_fact(rows, "url", plain_line(build.web_url));
  print_fact_rows(rows, terminal);
}

/// What is said of the end in a few words, beside what a plugin or the agent says of the failure.
std::string end_in_brackets(const RestJobAnswer& job, const std::string& told) {
  const bool has_status = job.exit_status && *job.exit_status >= 0;
  if (has_status && !job.end_cause) return " (" + job_reason(job) + ")";
  // A crash is told with its signal, which a narrow place may have cut off.
  const std::string signal = plain_line(job.signal);
  const bool is_said = signal.empty() || told.find(signal) != told.npos;
  return is_said ? "" : " (" + signal + ")";
}

/// What a step plugin says of its failure, or the agent of its own, says more than the status of
/// the job; it is no reason where something else ended the job.
std::string reason_of_failure(const RestJobAnswer& job, const std::string& told,
                              std::size_t longest) {
  const bool has_died = !job.end_cause && !job.signal.empty();
  if (told.empty() || was_ended(job) || has_died) return job_reason(job);
  const std::string words = shortened(plain_line(told), longest);
  return words + end_in_brackets(job, words);
}

std::string reason_in_row(const RestJobAnswer& job, const FailureWords& words) {
  const auto own = words.find(job.id);
  return own == words.end() ? job_reason(job)
                            : reason_of_failure(job, own->second, kLongestReasonOfRow);
}

std::string number_of_attempt(const RestJobAnswer& job) {
  return ", attempt " + std::to_string(job.retries_count + 1);
}

/// Attempts at jobs that were retried, by the id of the next one.
using Attempts = std::map<std::string_view, const RestJobAnswer*>;

Attempts earlier_attempts(const std::vector<RestJobAnswer>& jobs) {
  std::set<std::string_view> ids;
  for (const RestJobAnswer& job : jobs) ids.insert(job.id);
  Attempts attempts;
  for (const RestJobAnswer& job : jobs) {
    if (job.retried && ids.contains(job.retried_in)) attempts[job.retried_in] = &job;
  }
  return attempts;
}

/// The table of the jobs of a build.
class JobRows {
 public:
  JobRows(const RestBuildAnswer& build, Timestamp now, const FailureWords& words)
      : now_(now), words_(words), attempts_(earlier_attempts(build.jobs)) {
    for (const JobFold& fold : folds_of(build.jobs)) add(fold);
  }

  const Rows& rows() const { return rows_; }

 private:
  void add(const JobFold& fold) {
    if (fold.is_folded()) return rows_.push_back(folded_row(fold));
    if (!fold.title.empty()) rows_.push_back({{fold.title, Style::Bold}});
    for (const RestJobAnswer* job : fold.jobs) {
      const auto next = attempts_.find(job->retried_in);
      if (next != attempts_.end() && next->second == job) continue;
      Cell verdict = job_verdict(*job);
      if (job->retries_count > 0) verdict.text += number_of_attempt(*job);
      add_row(title_in(fold, *job), std::move(verdict), *job);
      add_attempts_before(*job, fold);
    }
  }

  /// The first one first, each by what a command takes to show its log.
  void add_attempts_before(const RestJobAnswer& job, const JobFold& fold) {
    std::vector<const RestJobAnswer*> before;
    for (auto at = attempts_.find(job.id); at != attempts_.end();) {
      before.push_back(at->second);
      at = attempts_.find(at->second->id);
    }
    const std::string inset(kInset.size() * (fold.title.empty() ? 1 : 2), ' ');
    for (const RestJobAnswer* attempt : std::views::reverse(before)) {
      Cell verdict = attempt_verdict(*attempt);
      verdict.text += number_of_attempt(*attempt);
      add_row({inset + plain_line(short_form(attempt->id)), Style::Faint}, std::move(verdict),
              *attempt);
    }
  }

  void add_row(Cell title, Cell verdict, const RestJobAnswer& job) {
    rows_.push_back({std::move(title),
                     std::move(verdict),
                     {job_time(job, now_)},
                     {reason_in_row(job, words_)},
                     {plain_line(job.agent_name), Style::Faint}});
  }

  Timestamp now_;
  const FailureWords& words_;
  Attempts attempts_;
  Rows rows_;
};

/// Of the command its first line; the log has the rest.
void print_failed_work(const RestJobAnswer& job, const FailureLog& log, Terminal& terminal) {
  const std::string_view command = job.command;
  const std::size_t begin = std::min(command.find_first_not_of(" \t\r\n"), command.size());
  const std::string_view first = command.substr(begin, command.find('\n', begin) - begin);
  const bool has_more = command.find_first_not_of(" \t\r\n", begin + first.size()) != command.npos;
  Rows rows;
  add_fact(rows, "phase", log.logged.phase);
  add_fact(rows, "command", plain_line(first) + (has_more ? " ..." : ""));
  add_fact(rows, "agent", plain_line(job.agent_name));
  for (const std::string& failed : log.failed_tests) add_fact(rows, "tests", plain_line(failed));
  print_fact_rows(rows, terminal);
}

std::string words_for_no_lines(const FailureLog& log) {
  return log.unread.empty() ? "its log is empty" : "[no log: " + plain_line(log.unread) + "]";
}

void print_last_lines(const RestJobAnswer& job, const FailureLog& log, Terminal& terminal) {
  if (!has_log(job)) return;
  terminal.print_line("");
  const bool is_empty = log.last_lines.empty();
  if (is_empty) terminal.print_line(std::string(kInset) + words_for_no_lines(log));
  for (const std::string& line : log.last_lines) {
    terminal.print_line(std::string(kInset) + terminal.styled(line, style_of_line(line)));
  }
}

}  // namespace

std::string build_name(const RestBuildAnswer& build) {
  return plain_line(build.pipeline) + "/" + std::to_string(build.number);
}

Cell build_cell(const RestBuildAnswer& build) {
  const std::size_t number = std::to_string(build.number).size();
  return {build_name(build), Style::Bold, 1 + number};
}

void print_builds(const std::vector<RestBuildAnswer>& builds, Timestamp now, Terminal& terminal) {
  Rows rows;
  for (const RestBuildAnswer& build : builds) {
    rows.push_back({build_cell(build),
                    build_verdict(build),
                    {plain_line(build.branch)},
                    {plain_line(build.message)},
                    {short_commit(build.commit), Style::Faint},
                    {build_time(build, now)},
                    {age_of(build, now), Style::Faint},
                    {plain_line(build.creator_name), Style::Faint}});
  }
  print_rows(rows, 2, terminal);
}

void print_build(const RestBuildAnswer& build, Timestamp now, Terminal& terminal,
                 const FailureWords& words) {
  const Cell verdict = build_verdict(build);
  std::string line = terminal.styled(build_name(build), Style::Bold) + "  " +
                     terminal.styled(verdict.text, verdict.style);
  const std::string time = build_time(build, now);
  if (!time.empty()) line += (build.finished_at ? " in " : " for ") + time;
  terminal.print_line(line);
  const std::string message = plain_line(build.message);
  if (!message.empty()) terminal.print_line(message);
  terminal.print_line("");
  print_facts(build, now, terminal);
  terminal.print_line("");
  print_rows(JobRows(build, now, words).rows(), 0, terminal);
}

const RestJobAnswer* first_failure(const RestBuildAnswer& build) {
  const RestJobAnswer* first = nullptr;
  for (const RestJobAnswer& job : build.jobs) {
    const bool has_broken_it = has_failed(job) || job.state == "expired";
    if (!has_broken_it || job.soft_failed || job.retried) continue;
    const bool is_earlier = first == nullptr || (job.finished_at && first->finished_at &&
                                                 *job.finished_at < *first->finished_at);
    if (is_earlier) first = &job;
  }
  return first;
}

void print_failure(const RestJobAnswer& job, const FailureLog& log,
                   const std::vector<NextCommand>& next, Terminal& terminal) {
  const std::string reason =
      reason_of_failure(job, log.step.empty() ? log.logged.fault : log.step, kLongestReason);
  terminal.print_line("");
  terminal.print_line(terminal.styled(
      job_title(job) + " failed" + (reason.empty() ? "" : ": " + reason), Style::Bad));
  print_failed_work(job, log, terminal);
  print_last_lines(job, log, terminal);
  terminal.print_line("");
  for (const NextCommand& command : next) {
    terminal.print_line(std::string(command.what_for) + ": " + command.line);
  }
}

}  // namespace ostler::console
