// SPDX-License-Identifier: Apache-2.0
#include "worker/job_services.hpp"

#include <algorithm>

#include "plugin_host/host_commands.hpp"
#include "plugin_host/metric_call.hpp"
#include "plugin_host/report_call.hpp"
#include "worker/child_environment.hpp"
#include "worker/metric_calls.hpp"
#include "worker/report_calls.hpp"
#include "worker/state_calls.hpp"

namespace ostler::worker {

namespace asio = boost::asio;
using plugin_host::CallDone;

namespace {

/// With these a plugin could speak for the job in ways that its manifest does not say.
constexpr const char* kNotForPlugins[] = {"BUILDKITE_AGENT_ACCESS_TOKEN",
                                          "BUILDKITE_AGENT_JOB_API_TOKEN"};

constexpr std::string_view kHttp = "ostler.http/1/";
constexpr std::string_view kListener = "ostler.listener/1/";
constexpr std::string_view kService = "ostler.service/1/";

/// Those that hold secrets only when its manifest names these.
environment::Variables variables_for_plugin(const JobContext& job,
                                            const plugin_host::PlannedStep& step) {
  environment::Variables variables = inherited_environment();
  for (const auto& [name, value] : job.env) variables.insert_or_assign(name, value);
  for (const char* name : kNotForPlugins) variables.erase(name);
  for (const auto& [name, key] : job.secret_variables) {
    if (std::ranges::find(step.secrets, key) == step.secrets.end()) variables.erase(name);
  }
  return variables;
}

asio::awaitable<void> make_call(std::shared_ptr<ApiCall> call, ServiceCall planned, CallDone done) {
  auto reply = co_await call->make();
  if (reply) co_return done(planned.read(reply.value()));
  done(planned.explain ? planned.explain(std::move(reply).error()) : std::move(reply).error());
}

}  // namespace

JobStepServices::JobStepServices(JobContext& job, const plugin_host::PlannedStep& step,
                                 plugin_host::StepRoots roots)
    : StepServices(step.config, variables_for_plugin(job, step)),
      job_(job),
      plugin_(step.id),
      roots_(std::move(roots)),
      secrets_{step.secrets, step.secrets_put, step.reference()},
      http_(job, {step.hosts, roots_}, step.secrets),
      locks_(job),
      outliving_(job, step, listeners_) {}

/// Calls that are under way are not tried again.
asio::awaitable<void> JobStepServices::end() {
  for (const auto& weak : under_way_) {
    if (const auto call = weak.lock()) call->abandon();
  }
  locks_.break_off();
  co_await http_.end();
}

std::vector<std::string> JobStepServices::ids_of(const plugin_host::PlannedStep& step) {
  std::vector<std::string> ids;
  for (const std::string& service : step.services) ids.push_back("ostler." + service + "/1");
  return ids;
}

std::vector<std::string> JobStepServices::command_environment(
    plugin_host::CommandProfile profile) const {
  const bool is_confined = profile == plugin_host::CommandProfile::Workspace;
  auto entries = is_confined ? StepServices::command_environment(profile) : child_environment(job_);
  for (auto& entry : listeners_.variables()) entries.push_back(std::move(entry));
  return entries;
}

void JobStepServices::variable_set(const std::string& name, const std::string& value) {
  const auto known = job_.env.find(name);
  job_.before_plugins.try_emplace(
      name, known == job_.env.end() ? std::nullopt : std::optional<std::string>(known->second));
  job_.env.insert_or_assign(name, value);
  job_.hide_secret_variable(name);
}

bool JobStepServices::is_kept_for_good(const std::string& name) const {
  return job_.is_secret_variable(name);
}

void JobStepServices::run_program(const std::string& method,
                                  const std::vector<std::string>& arguments, CallDone done,
                                  plugin_host::HostCommands& commands) const {
  auto command = service_program(job_, roots_, method, arguments);
  if (!command) return done(std::move(command).error());
  command.value().is_ours = true;
  const auto tell = [method, done](Result<plugin_host::HostCommandEnd> end) {
    done(end ? value_of_program(method, end.value()) : Result<std::string>(end.error()));
  };
  const auto started =
      commands.start(std::move(command).value(),
                     {.directory = job_.directory, .stop_signal = job_.cancellation.signal()},
                     own_program_environment(job_), tell);
  if (!started) done(started.error());
}

void JobStepServices::begin_call(const std::string& method, std::vector<std::string> arguments,
                                 CallDone done, plugin_host::HostCommands& commands) {
  if (is_program_call(method)) return run_program(method, arguments, std::move(done), commands);
  if (method.starts_with(kHttp)) {
    return http_.begin(method.substr(kHttp.size()), std::move(arguments), std::move(done));
  }
  if (plugin_host::is_lock_call(method)) return locks_.begin(method, arguments, std::move(done));
  if (method.starts_with(kListener)) {
    return done(listeners_.answer(method.substr(kListener.size()), arguments));
  }
  if (method.starts_with(kService)) {
    return outliving_.begin(method.substr(kService.size()), arguments, std::move(done));
  }
  if (plugin_host::is_metric_call(method)) {
    const auto told = tell_metric(job_, plugin_, method, arguments);
    return done(told ? Result<std::string>(std::string()) : told.error());
  }
  if (plugin_host::is_report_call(method)) {
    return take_report({job_, plugin_, roots_, commands}, method, arguments, std::move(done));
  }
  auto planned = is_state_call(method) ? plan_state_call(job_, plugin_, method, arguments)
                                       : plan_service_call(job_, secrets_, method, arguments);
  if (!planned) return done(std::move(planned).error());
  if (!planned.value().request) return done(std::string());
  const auto call = std::make_shared<ApiCall>(
      job_.executor, job_.link, std::move(*planned.value().request), planned.value().policy);
  std::erase_if(under_way_, [](const auto& other) { return other.expired(); });
  under_way_.push_back(call);
  job_.tasks.spawn(make_call(call, std::move(planned).value(), std::move(done)));
}

}  // namespace ostler::worker
