// SPDX-License-Identifier: Apache-2.0
#include "daemon/service_calls.hpp"

#include <algorithm>
#include <charconv>

#include "daemon/service_check.hpp"
#include "daemon/service_json.hpp"
#include "daemon/service_names.hpp"
#include "diag/log.hpp"
#include "files/file.hpp"
#include "net/offload.hpp"
#include "supervise/service_call.hpp"
#include "supervise/service_control.hpp"
#include "supervise/service_start.hpp"

namespace ostler::daemon {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using supervise::Service;
using supervise::ServiceSpec;

constexpr std::size_t kMostLiving = 32;
constexpr std::size_t kLongestLogAnswer = 256u << 10;
constexpr auto kWordTime = 5s;

/// A call as it is carried out, on a thread that may block.
struct Asked {
  AgentParts& parts;
  std::string what;
  std::string job;
  std::string uuid;
  ServiceSpec spec;  ///< of start; else scope and plugin of it
  std::string target;
  std::size_t bytes = 0;
};

std::filesystem::path root_of(const Asked& asked) { return asked.parts.state.services(); }

Result<Asked> read_call(AgentParts& parts, const std::string& job,
                        const supervise::ApiRequest& request) {
  OSTLER_TRY(auto spec, supervise::decode_service_spec(request.body));
  Asked asked{parts,
              request.path.substr(supervise::kServiceCalls.size()),
              job,
              request.uuid,
              std::move(spec),
              {}};
  for (const auto& [key, value] : supervise::decode_fields(request.body)) {
    if (key == "target") asked.target = value;
    if (key != "bytes") continue;
    std::from_chars(value.data(), value.data() + value.size(), asked.bytes);
  }
  return asked;
}

/// For services of the name that still run beside it.
void say_stop(const Service& service) {
  const auto said = supervise::tell_service(service.spec.socket, "stop", -1, kWordTime);
  if (said || said.error().code() == Errc::Conflict) return;
  diag::warn("a service cannot be told to end",
             {{"service", service.spec.id}, {"error", said.error().message()}});
}

/// What its keeper has left, and says so.
void end_lost(const std::filesystem::path& root, const Service& service) {
  const auto ended = supervise::conclude_lost_service(root, service);
  if (!ended) diag::warn("what is left of a service", {{"error", ended.error().message()}});
  diag::error("a service is lost", {{"service", service.spec.id},
                                    {"pipeline", service.spec.scope},
                                    {"reason", service.state.evidence}});
}

/// Of names that nobody uses any more.
void clear_old_places(const StateDirectory& state, const std::vector<Service>& all, Timestamp now) {
  const auto cleared = clear_places(state, all, now);
  if (!cleared) {
    diag::warn("files of services that have ended", {{"error", cleared.error().message()}});
  }
}

Result<void> check_room(const std::vector<Service>& all, const ServiceSpec& spec) {
  const auto living = std::ranges::count_if(all, &Service::is_kept);
  if (static_cast<std::size_t>(living) >= kMostLiving) {
    return Error(Errc::Unavailable, "32 services run on this agent already");
  }
  for (const Service& other : living_named(all, spec.scope, spec.name)) {
    OSTLER_TRY(check_owner(other, spec.plugin));
  }
  return check_address(all, spec);
}

/// The same for a call that comes again, because an agent died before it answered.
std::string id_for(const Asked& asked) {
  return asked.spec.name + "." + short_digest(asked.uuid, 8);
}

std::string started_fields(const Service& service) {
  return supervise::encode_fields({{"id", service.spec.id},
                                   {"socket", service.spec.socket},
                                   {"directory", service.spec.directory},
                                   {"address", service.state.address}});
}

Result<std::string> start(Asked& asked) {
  ServiceSpec& spec = asked.spec;
  OSTLER_TRY(check_service(spec));
  spec.id = id_for(asked);
  const auto known = supervise::find_service(root_of(asked), spec.id);
  if (known && known.value().is_kept) return started_fields(known.value());
  OSTLER_TRY(const auto all, supervise::list_services(root_of(asked)));
  OSTLER_TRY(check_room(all, spec));
  // Before their records go, without which nobody could find what they have left.
  for (const Service& other : all) {
    if (other.is_newly_lost) end_lost(root_of(asked), other);
  }
  OSTLER_TRY(forget_ended(root_of(asked), all, spec));
  for (const Service& other : living_named(all, spec.scope, spec.name)) {
    if (!other.state.is_promoted) say_stop(other);
  }
  OSTLER_TRY(spec.directory, place_of(asked.parts.state, spec.scope, spec.name));
  spec.environment = service_environment(spec);
  spec.socket = asked.parts.runtime.service_socket(spec.id);
  spec.job = asked.job;
  spec.asked_at = asked.parts.clock.now();
  OSTLER_TRY(
      supervise::start_service({asked.parts.program, root_of(asked), asked.parts.groups}, spec));
  diag::notice(
      "service started",
      {{"service", spec.id}, {"pipeline", spec.scope}, {"plugin", spec.plugin}, {"job", spec.job}});
  clear_old_places(asked.parts.state, all, asked.parts.clock.now());
  OSTLER_TRY(const Service service, supervise::find_service(root_of(asked), spec.id));
  return started_fields(service);
}

/// Those of the scope that the target means.
Result<std::vector<Service>> targets(const Asked& asked) {
  OSTLER_TRY(auto all, supervise::list_services(root_of(asked)));
  std::erase_if(all, [&asked](const Service& service) {
    const ServiceSpec& spec = service.spec;
    const bool is_meant =
        asked.target.empty() || asked.target == spec.id || asked.target == spec.name;
    return spec.scope != asked.spec.scope || !is_meant;
  });
  if (all.empty() && !asked.target.empty()) {
    return Error(Errc::NotFound, "the pipeline has no service " + asked.target);
  }
  return all;
}

Result<std::string> promote(const Asked& asked) {
  OSTLER_TRY(auto all, targets(asked));
  std::erase_if(all, [](const Service& service) { return !service.is_kept; });
  if (all.empty()) return Error(Errc::Conflict, asked.target + " does not run");
  const Service& chosen = all.back();
  OSTLER_TRY(check_owner(chosen, asked.spec.plugin));
  OSTLER_TRY(supervise::tell_service(chosen.spec.socket, "promote", -1, kWordTime));
  diag::notice("service promoted", {{"service", chosen.spec.id}});
  OSTLER_TRY(const auto others, supervise::list_services(root_of(asked)));
  for (const Service& other : living_named(others, chosen.spec.scope, chosen.spec.name)) {
    if (other.spec.id != chosen.spec.id) say_stop(other);
  }
  return std::string();
}

Result<std::string> stop(const Asked& asked) {
  OSTLER_TRY(const auto all, targets(asked));
  for (const Service& service : all) {
    OSTLER_TRY(check_owner(service, asked.spec.plugin));
    if (service.is_kept) say_stop(service);
  }
  return std::string();
}

Result<std::string> status(const Asked& asked) {
  OSTLER_TRY(const auto all, targets(asked));
  return encode_services(all);
}

Result<std::string> log(const Asked& asked) {
  OSTLER_TRY(const auto all, targets(asked));
  return supervise::read_service_log(root_of(asked), all.back().spec.id,
                                     std::min(asked.bytes, kLongestLogAnswer));
}

Result<std::string> place(const Asked& asked) {
  if (!supervise::is_service_name(asked.target)) {
    return Error(Errc::UserFault, "the name of a service is [a-z][a-z0-9-]*, at most 32 bytes");
  }
  return place_of(asked.parts.state, asked.spec.scope, asked.target);
}

/// "deploy" of "deploy#1.0.0".
bool is_permitted(const AgentParts& parts, const std::string& plugin) {
  const auto& permitted = parts.config.plugin_services;
  return std::ranges::find(permitted, plugin.substr(0, plugin.find('#'))) != permitted.end();
}

Result<std::string> carry_out(Asked& asked) {
  if (!is_permitted(asked.parts, asked.spec.plugin)) {
    return Error(Errc::Denied,
                 "this agent lets " + asked.spec.plugin + " start no services (plugin-services)");
  }
  if (asked.what == "start") return start(asked);
  if (asked.what == "status") return status(asked);
  if (asked.target.empty()) return Error(Errc::UserFault, "the call names no service");
  if (asked.what == "promote") return promote(asked);
  if (asked.what == "stop") return stop(asked);
  if (asked.what == "log") return log(asked);
  if (asked.what == "place") return place(asked);
  return Error(Errc::NotFound, "this agent has no call " + asked.what + " about services");
}

std::uint16_t status_of(Errc code) {
  switch (code) {
    case Errc::Denied: return 403;
    case Errc::NotFound: return 404;
    case Errc::Conflict: return 409;
    case Errc::UserFault: return 422;
    default: return 503;
  }
}

}  // namespace

bool is_service_call(std::string_view path) { return path.starts_with(supervise::kServiceCalls); }

asio::awaitable<supervise::ApiReply> answer_service_call(AgentParts& parts, std::string job,
                                                         supervise::ApiRequest request) {
  auto answer = co_await net::offload(parts.service_pool, [&]() -> Result<std::string> {
    OSTLER_TRY(Asked asked, read_call(parts, job, request));
    return carry_out(asked);
  });
  supervise::ApiReply reply{.id = request.id, .status = 200};
  if (!answer) reply.status = status_of(answer.error().code());
  reply.body = answer ? std::move(answer).value() : answer.error().message();
  co_return reply;
}

void look_after_services(const StateDirectory& state, Timestamp now) {
  const auto all = supervise::list_services(state.services());
  if (!all) {
    diag::error("services cannot be read", {{"error", all.error().message()}});
    return;
  }
  for (const Service& service : all.value()) {
    if (service.is_kept) {
      diag::notice("a service goes on", {{"service", service.spec.id},
                                         {"pipeline", service.spec.scope},
                                         {"phase", std::string(to_string(service.state.phase))}});
    } else if (service.is_newly_lost) {
      end_lost(state.services(), service);
    }
  }
  for (const Service& service : outdated(all.value())) say_stop(service);
  clear_old_places(state, all.value(), now);
}

}  // namespace ostler::daemon
