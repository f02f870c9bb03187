// SPDX-License-Identifier: Apache-2.0
#include "cli/service_view.hpp"

#include <algorithm>
#include <set>

#include "base/joined.hpp"
#include "console/duration_text.hpp"
#include "console/plain_text.hpp"

namespace ostler::cli {
namespace {

using console::Cell;
using console::Style;
using supervise::Service;
using supervise::ServiceHealth;
using supervise::ServicePhase;

Cell phase_cell(const Service& service) {
  const ServicePhase phase = service.state.phase;
  const bool is_bad = phase == ServicePhase::Lost || phase == ServicePhase::Failed;
  const bool is_fine = phase == ServicePhase::Running;
  return {std::string(to_string(phase)), is_bad    ? Style::Bad
                                         : is_fine ? Style::Good
                                                   : Style::Warning};
}

Cell health_cell(const Service& service) {
  switch (service.state.health) {
    case ServiceHealth::Unknown: return {"-", Style::Faint};
    case ServiceHealth::Healthy: return {"healthy", Style::Good};
    case ServiceHealth::Unhealthy: return {"unhealthy", Style::Bad};
  }
  return {};
}

std::string time_text(Timestamp at) { return at.micros == 0 ? "-" : format_rfc3339(at, 0); }

/// One that runs before one that ran, the promoted one before the others, the newest first.
bool is_better(const Service& one, const Service& other) {
  const auto rank = [](const Service& service) {
    return std::tuple(service.is_kept, service.is_kept && service.state.is_promoted,
                      service.spec.asked_at);
  };
  return rank(one) > rank(other);
}

bool is_meant(const Service& service, const std::string& wanted) {
  const auto& spec = service.spec;
  return wanted == spec.id || wanted == spec.name || wanted == spec.scope + "/" + spec.name;
}

}  // namespace

bool deserves_a_look(const Service& service) {
  const ServicePhase phase = service.state.phase;
  return service.is_kept || phase == ServicePhase::Lost || phase == ServicePhase::Failed;
}

std::vector<std::vector<Cell>> service_table(const std::vector<Service>& services, Timestamp now) {
  std::vector<std::vector<Cell>> rows = {{{"NAME", Style::Faint},
                                          {"STATE", Style::Faint},
                                          {"HEALTH", Style::Faint},
                                          {"", Style::Faint},
                                          {"ADDRESS", Style::Faint},
                                          {"SINCE", Style::Faint},
                                          {"RESTARTS", Style::Faint},
                                          {"PIPELINE", Style::Faint},
                                          {"ID", Style::Faint}}};
  for (const Service& service : services) {
    const auto& [spec, state] = std::tie(service.spec, service.state);
    rows.push_back({{spec.name, Style::Bold},
                    phase_cell(service),
                    health_cell(service),
                    {state.is_promoted ? "promoted" : ""},
                    {console::plain_line(state.address)},
                    {state.since.micros == 0 ? "-" : console::age_text(now - state.since)},
                    {std::to_string(state.restarts)},
                    {console::plain_line(spec.scope)},
                    {spec.id, Style::Faint}});
  }
  return rows;
}

std::vector<std::string> service_lines(const Service& service) {
  const auto& spec = service.spec;
  const auto& state = service.state;
  const std::vector<std::pair<std::string, std::string>> settings = {
      {"id", spec.id},
      {"pipeline", spec.scope},
      {"state",
       std::string(to_string(state.phase)) + (state.evidence.empty() ? "" : ": " + state.evidence)},
      {"health", std::string(to_string(state.health))},
      {"promoted", state.is_promoted ? time_text(state.promoted_at) : "no"},
      {"address", state.address.empty() ? "-" : state.address},
      {"process", state.pid > 0 ? std::to_string(state.pid) : "-"},
      {"since", time_text(state.since)},
      {"restarts", std::to_string(state.restarts) + ", " + std::string(to_string(spec.restart))},
      {"probe",
       std::string(to_string(spec.probe)) + (spec.probe_path.empty() ? "" : " " + spec.probe_path)},
      {"command", joined(spec.arguments, " ")},
      {"directory", spec.directory},
      {"plugin", spec.plugin},
      {"job", spec.job}};
  std::vector<std::string> lines;
  for (const auto& [name, value] : settings) {
    lines.push_back(console::plain_line(name + std::string(11 - name.size(), ' ') + value));
  }
  return lines;
}

Result<Service> choose_service(const std::vector<Service>& all, const std::string& wanted) {
  std::vector<Service> meant;
  std::ranges::copy_if(all, std::back_inserter(meant),
                       [&wanted](const Service& service) { return is_meant(service, wanted); });
  if (meant.empty()) {
    return Error(Errc::NotFound,
                 "no service " + wanted + " here; \"ostler service list --all\" shows them");
  }
  std::set<std::string> scopes;
  for (const Service& service : meant) scopes.insert(service.spec.scope + "/" + service.spec.name);
  if (scopes.size() > 1) {
    return Error(Errc::UserFault, "several pipelines have a service " + wanted + "; say one of " +
                                      joined(scopes, ", "));
  }
  return *std::ranges::min_element(meant, is_better);
}

std::vector<std::string> services_that_go_on(const std::filesystem::path& agent_state) {
  const auto all = supervise::list_services(agent_state / "services");
  if (!all) return {};
  std::vector<std::string> names;
  for (const Service& service : all.value()) {
    if (service.is_kept) names.push_back(service.spec.name);
  }
  return names;
}

std::string words_for_services(const std::vector<std::string>& names) {
  if (names.empty()) return {};
  return (names.size() == 1 ? "1 service goes" : std::to_string(names.size()) + " services go") +
         std::string(" on: ") + joined(names, ", ") +
         "; \"ostler service list\" shows, \"ostler service stop\" ends one";
}

}  // namespace ostler::cli
