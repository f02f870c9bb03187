// SPDX-License-Identifier: Apache-2.0
#include "hub/agent_api/refusals.hpp"

#include <array>

#include "diag/log.hpp"
#include "hub/agent_api/handlers.hpp"
#include "hub/error_response.hpp"

namespace ostler::agent_api {
namespace {

struct Line {
  diag::Level level;
  std::string_view text;
};

/// What a refused report means for its job.
struct ReportLine {
  Handler handler;
  Line line;
};
constexpr std::array kReportLines = {
    ReportLine{accept,
               {diag::Level::Notice, "an accept is refused, the agent asks for another job"}},
    ReportLine{acquire, {diag::Level::Notice, "an agent may not have the job that it asks for"}},
    ReportLine{start, {diag::Level::Notice, "the start of a job is refused, its agent drops it"}},
    ReportLine{append_chunk,
               {diag::Level::Warn, "a piece of a job's log is refused, the log has a gap there"}},
    ReportLine{finish,
               {diag::Level::Warn, "the end of a job is refused, the one it had before stands"}},
};

/// What stands for an id in a path can be any text.
constexpr std::size_t kLongestId = 64;

constexpr Line kOrdinary{diag::Level::Debug, "a call is refused"};

Line line_for(const Route& route, const Error& error) {
  const int status = hub::status_of(error);
  if (status >= 500) return {diag::Level::Warn, "request failed"};
  if (error.native() == wire::kHeldElsewhere) {
    return {diag::Level::Warn, "an agent uses the session of another one, it is refused"};
  }
  if (status != 422) return kOrdinary;
  for (const ReportLine& report : kReportLines) {
    if (report.handler == route.handler) return report.line;
  }
  return kOrdinary;
}

}  // namespace

void log_refusal(const Route& route, const Caller& caller, const Error& error,
                 hub::LineBudget& lines) {
  const Line line = line_for(route, error);
  const bool is_ordinary = line.level == diag::Level::Debug;
  // Failures of one call are of one kind; that of another call may have another cause.
  const auto kind = hub::status_of(error) >= 500 ? route.pattern : line.text;
  const auto held_back = is_ordinary ? 0 : lines.take(caller.agent, kind);
  if (!held_back) return;
  diag::log(line.level, line.text,
            {{"method", std::string(route.method)},
             {"path", std::string(route.pattern)},
             {"status", std::to_string(hub::status_of(error))},
             {route.pattern.starts_with("jobs/") ? "job" : "id", caller.id.substr(0, kLongestId)},
             {"agent_id", caller.agent == AgentId{} ? "" : caller.agent.str()},
             {"error", error.message()},
             {"held_back", std::to_string(*held_back)}});
}

}  // namespace ostler::agent_api
