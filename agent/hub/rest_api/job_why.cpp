// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/job_why.hpp"

#include <algorithm>
#include <iterator>

#include "base/joined.hpp"
#include "console/start_command.hpp"
#include "model/tags.hpp"

namespace ostler::rest_api {
namespace {

using model::Agent;
using model::Terms;

/// "a, b, c and 7 more"
std::string names_of(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t at = 0; at < std::min(names.size(), kMostNamed); ++at) {
    text += (at == 0 ? "" : ", ") + names[at];
  }
  if (names.size() > kMostNamed)
    text += " and " + std::to_string(names.size() - kMostNamed) + " more";
  return text;
}

/// A term as people write it: "gpu=true", and "gpu" where any value would do.
std::vector<std::string> as_tags(Terms terms) {
  for (std::string& term : terms) {
    if (term.ends_with('=')) term.pop_back();
  }
  return terms;
}

Terms missing_terms(const Terms& demanded, const Agent& agent) {
  Terms missing;
  std::ranges::set_difference(demanded, model::terms_of_tags(agent.description.tags),
                              std::back_inserter(missing));
  return missing;
}

/// Safe in a shell as it is.
bool is_plain_word(std::string_view text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.=:/";
  return text.find_first_not_of(kPlain) == text.npos;
}

/// The command that starts an agent with these tags; none where they would have to be quoted.
std::string start_hint(const QueueFacts& facts, const std::vector<std::string>& tags) {
  if (!std::ranges::all_of(tags, is_plain_word)) return "";
  return "; \"" +
         console::agent_start_command(facts.public_url, facts.queue.key, joined(tags, ",")) +
         "\" starts one, " + console::kHowToMakeAToken;
}

WhyReason no_agent_has(const Terms& demanded, const QueueFacts& facts) {
  const Agent* nearest = nullptr;
  Terms least;
  for (const Agent& agent : facts.agents) {
    Terms missing = missing_terms(demanded, agent);
    if (nearest != nullptr && missing.size() >= least.size()) continue;
    nearest = &agent;
    least = std::move(missing);
  }
  return {"tag", "no agent of queue " + facts.queue.key + " has " + names_of(as_tags(demanded)) +
                     "; the nearest is " + nearest->description.name + ", which lacks " +
                     names_of(as_tags(least)) + start_hint(facts, as_tags(demanded))};
}

/// What keeps an agent from any job, whether it has one or not; empty: nothing.
std::string hindrance_of(const Agent& agent) {
  if (agent.stop_requested) return "is stopping";
  if (agent.description.ignore_in_dispatches) return "takes no jobs but those it names";
  if (!agent.pause) return {};
  return "is paused" + (agent.pause->note.empty() ? "" : " (" + agent.pause->note + ")");
}

/// What keeps an agent that has the job's tags from taking it; empty: nothing.
std::string occupation_of(const Agent& agent, const JobNames& names) {
  const std::string& self = agent.description.name;
  const std::string hindrance = hindrance_of(agent);
  if (!agent.job) return hindrance.empty() ? "" : self + " " + hindrance;
  const auto known = names.find(*agent.job);
  return self + " runs " + (known == names.end() ? "another job" : known->second) +
         (hindrance.empty() ? "" : " and " + hindrance);
}

WhyReason none_is_free(const std::vector<const Agent*>& fitting, const JobNames& names) {
  std::vector<std::string> occupations;
  for (const Agent* agent : fitting) {
    std::string occupation = occupation_of(*agent, names);
    if (occupation.empty()) {
      return {"agent", agent->description.name +
                           " is free and has its tags: it is being offered the job, unless it is "
                           "paused on its machine, which \"ostler agent list\" says there"};
    }
    occupations.push_back(std::move(occupation));
  }
  return {"agent", "no agent that has its tags is free: " + names_of(occupations)};
}

}  // namespace

std::string name_of_step(const model::Job& job) {
  const model::Step& step = job.step;
  for (const std::string* name : {&step.label, &step.key, &step.command}) {
    if (!name->empty()) return name->substr(0, name->find('\n'));
  }
  return job.id.str();
}

std::optional<WhyReason> why_of_trigger(const model::Job& job) {
  if (job.step.kind != model::StepKind::Trigger) return std::nullopt;
  if (!job.trigger_fault.empty()) {
    return WhyReason{"build", "its build could not be made: " + job.trigger_fault};
  }
  if (!job.triggered) {
    if (job.state != model::JobState::Running) return std::nullopt;
    return WhyReason{
        "build", "its build of pipeline " + job.step.trigger->pipeline + " is about to be made"};
  }
  const model::TriggeredBuild& build = *job.triggered;
  const std::string name = build.pipeline + " #" + std::to_string(build.number);
  const std::string state(to_string(build.state));
  if (is_terminal(job.state)) {
    return WhyReason{"build", "it is over: its build, " + name + ", is " + state};
  }
  return WhyReason{"build", "it waits for its build, " + name + ", which is " + state + ": " +
                                "\"ostler build show " + build.pipeline + "/" +
                                std::to_string(build.number) + "\""};
}

std::vector<const Agent*> fitting_agents(const model::Job& job, const std::vector<Agent>& agents) {
  const Terms demanded = model::terms_of_rules(job.step.agent_query_rules);
  std::vector<const Agent*> fitting;
  for (const Agent& agent : agents) {
    if (missing_terms(demanded, agent).empty()) fitting.push_back(&agent);
  }
  return fitting;
}

WhyReason why_without_agent(const model::Job& job, const QueueFacts& facts) {
  const model::Queue& queue = facts.queue;
  if (queue.pause) {
    const std::string& note = queue.pause->note;
    return {"queue", "queue " + queue.key + " is paused" + (note.empty() ? "" : " (" + note + ")") +
                         "; \"ostler queue resume " + queue.key + "\" ends it"};
  }
  if (facts.agents.empty()) {
    return {"agent", "no agent of queue " + queue.key + " is connected" + start_hint(facts, {})};
  }
  const auto fitting = fitting_agents(job, facts.agents);
  if (!fitting.empty()) return none_is_free(fitting, facts.names);
  return no_agent_has(model::terms_of_rules(job.step.agent_query_rules), facts);
}

}  // namespace ostler::rest_api
