// SPDX-License-Identifier: Apache-2.0
#include "worker/plugin_services.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/uuid.hpp"
#include "environment/variables.hpp"
#include "supervise/service_address.hpp"
#include "supervise/service_call.hpp"
#include "supervise/service_control.hpp"
#include "supervise/service_record.hpp"

namespace ostler::worker {

namespace asio = boost::asio;
using Arguments = std::vector<std::string>;
using plugin_host::CallDone;
using supervise::Fields;
using supervise::ServiceSpec;

namespace {

constexpr std::chrono::seconds kHandOverTime{2};
constexpr std::size_t kSettings = 8;  // of start, before variables and arguments

/// Whose services the job can mean. It is what the server said, whatever hooks have set since.
std::string scope_of(const JobContext& job) {
  const auto& env = job.document.env;
  const std::string& pipeline = environment::value_of(env, "BUILDKITE_PIPELINE_SLUG");
  if (pipeline.empty()) return {};
  return environment::value_of(env, "BUILDKITE_ORGANIZATION_SLUG") + "/" + pipeline;
}

Error wrong_setting(const std::string& name, const std::string& text) {
  return {Errc::UserFault, name + " of a service is no " + text};
}

template <class Number>
Result<Number> number_of(const std::string& name, const std::string& text) {
  Number number{};
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (ec == std::errc() && end == text.data() + text.size()) return number;
  return wrong_setting(name, "whole number: " + text);
}

Result<supervise::ServiceRestart> restart_of(const std::string& text) {
  using supervise::ServiceRestart;
  for (const auto one :
       {ServiceRestart::Never, ServiceRestart::OnFailure, ServiceRestart::Always}) {
    if (to_string(one) == text) return one;
  }
  return wrong_setting("restart", "never, on-failure or always: " + text);
}

/// "", "tcp", or the path of an HTTP request.
void take_probe(const std::string& text, ServiceSpec& spec) {
  using supervise::ServiceProbe;
  if (text.empty()) return;
  spec.probe = text == "tcp" ? ServiceProbe::Tcp : ServiceProbe::Http;
  if (spec.probe == ServiceProbe::Http) spec.probe_path = text;
}

/// Name, listener, address, probe, interval in ms, threshold, restart, count of variables;
/// variables; the program and its arguments.
Result<ServiceSpec> spec_of_start(const Arguments& given) {
  if (given.size() <= kSettings) return Error(Errc::UserFault, "a service without a program");
  ServiceSpec spec;
  spec.name = given[0];
  spec.takes_listener = !given[1].empty();
  spec.address = given[2];
  take_probe(given[3], spec);
  OSTLER_TRY(const auto interval, number_of<std::uint32_t>("the interval", given[4]));
  spec.probe_interval = std::chrono::milliseconds(interval);
  OSTLER_TRY(spec.probe_threshold, number_of<std::uint32_t>("the threshold", given[5]));
  OSTLER_TRY(spec.restart, restart_of(given[6]));
  OSTLER_TRY(supervise::check_service_probe(spec));
  OSTLER_TRY(const auto count, number_of<std::size_t>("the count of variables", given[7]));
  if (count >= given.size() - kSettings) {
    return Error(Errc::UserFault, "a service without a program");
  }
  const auto variables = given.begin() + kSettings;
  const auto program = variables + static_cast<std::ptrdiff_t>(count);
  spec.environment.assign(variables, program);
  spec.arguments.assign(program, given.end());
  return spec;
}

/// They are in files, and shown.
Result<void> refuse_secrets(const JobContext& job, const ServiceSpec& spec) {
  const auto has_secret = [&job](const std::string& text) {
    return job.log.redacted(text) != text;
  };
  if (std::ranges::none_of(spec.arguments, has_secret) && !has_secret(spec.probe_path)) {
    return success();
  }
  return Error(Errc::UserFault,
               "a secret of the job stands in the arguments of a service; give it as a variable");
}

/// Targets and the like of calls that need no more.
Result<Fields> fields_of_call(const std::string& what, const Arguments& given) {
  constexpr std::pair<std::string_view, std::size_t> kCalls[] = {
      {"promote", 1}, {"stop", 1}, {"status", 1}, {"log", 2}, {"place", 1}};
  const auto* const found =
      std::ranges::find(kCalls, what, &std::pair<std::string_view, std::size_t>::first);
  if (found == std::end(kCalls)) {
    return Error(Errc::NotFound, "this host has no call ostler.service/1/" + what);
  }
  if (given.size() != found->second) {
    return Error(Errc::UserFault, "ostler.service/1/" + what + " takes " +
                                      std::to_string(found->second) + " arguments");
  }
  Fields fields = {{"target", given[0]}};
  if (given.size() > 1) fields.emplace_back("bytes", given[1]);
  return fields;
}

Errc code_of_answer(int status) {
  switch (status) {
    case 403: return Errc::Denied;
    case 404: return Errc::NotFound;
    case 409: return Errc::Conflict;
    case 422: return Errc::UserFault;
    default: return Errc::Unavailable;
  }
}

std::string field_in(std::string_view body, std::string_view key) {
  for (auto& [name, value] : supervise::decode_fields(body)) {
    if (name == key) return std::move(value);
  }
  return {};
}

/// What start tells the plugin: the id, the address, the directory, one a line.
Result<std::string> finish_start(const std::string& body, const UniqueFd& listener) {
  if (listener) {
    OSTLER_TRY(
        supervise::tell_service(field_in(body, "socket"), "listen", listener.get(), kHandOverTime));
  }
  const std::string address =
      listener ? supervise::service_address_of(listener.get()) : field_in(body, "address");
  return field_in(body, "id") + "\n" + address + "\n" + field_in(body, "directory");
}

asio::awaitable<void> call_agent(JobContext& job, supervise::ApiRequest request, UniqueFd listener,
                                 CallDone done) {
  const bool is_start = request.path.ends_with("/start");
  auto reply = co_await job.link.call(std::move(request));
  if (!reply) co_return done(std::move(reply).error());
  std::string& body = reply.value().body;
  if (reply.value().status != 200) {
    co_return done(Error(code_of_answer(reply.value().status), std::move(body)));
  }
  done(is_start ? finish_start(body, listener) : Result<std::string>(std::move(body)));
}

}  // namespace

PluginServices::PluginServices(JobContext& job, const plugin_host::PlannedStep& step,
                               const plugin_host::StepListeners& listeners)
    : job_(job), listeners_(listeners), plugin_(step.reference()) {}

Result<supervise::ApiRequest> PluginServices::request(const std::string& what,
                                                      const Arguments& arguments) const {
  supervise::ApiRequest request;
  request.uuid = Uuid::make().str();
  request.method = "POST";
  request.path = std::string(supervise::kServiceCalls) + what;
  ServiceSpec spec;
  Fields fields;
  if (what == "start") {
    OSTLER_TRY(spec, spec_of_start(arguments));
    OSTLER_TRY(refuse_secrets(job_, spec));
  } else {
    OSTLER_TRY(fields, fields_of_call(what, arguments));
  }
  spec.scope = scope_of(job_);
  spec.plugin = plugin_;
  request.body = encode(spec, supervise::WithEnvironment::Yes) + supervise::encode_fields(fields);
  return request;
}

void PluginServices::begin(const std::string& what, const Arguments& arguments, CallDone done) {
  auto asked = request(what, arguments);
  if (!asked) return done(std::move(asked).error());
  UniqueFd listener;
  if (what == "start" && !arguments[1].empty()) {
    auto copy = listeners_.copy_of(arguments[1]);
    if (!copy) return done(std::move(copy).error());
    listener = std::move(copy).value();
  }
  job_.tasks.spawn(
      call_agent(job_, std::move(asked).value(), std::move(listener), std::move(done)));
}

}  // namespace ostler::worker
