// SPDX-License-Identifier: Apache-2.0
#include "pipeline/placed_refusal.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "pipeline/circle_check.hpp"
#include "pipeline/parse.hpp"

namespace ostler::pipeline {
namespace {

constexpr std::string_view kUploadPrefix = "pipeline: ";
constexpr std::string_view kStepPrefix = "step ";

/// Takes a name between quotes, where there is one, from the beginning of `line`.
void drop_name(std::string_view& line) {
  constexpr std::string_view kBegin = " \"";
  if (!line.starts_with(kBegin)) return;
  const std::size_t end = line.find('"', kBegin.size());
  if (end != line.npos) line.remove_prefix(end + 1);
}

/// A line of a refusal.
struct Complaint {
  std::size_t step = 0;  ///< counted from 1; 0: of none
  std::string_view reason;
};

Complaint complaint_in(std::string_view line) {
  Complaint whole{0, line};
  if (!line.starts_with(kStepPrefix)) return whole;
  line.remove_prefix(kStepPrefix.size());
  Complaint of_step;
  const auto [stop, problem] =
      std::from_chars(line.data(), line.data() + line.size(), of_step.step);
  line.remove_prefix(static_cast<std::size_t>(stop - line.data()));
  drop_name(line);
  if (problem != std::errc() || !line.starts_with(": ")) return whole;
  of_step.reason = line.substr(2);
  return of_step;
}

std::optional<std::vector<Complaint>> complaints_in(std::string_view refusal) {
  std::vector<Complaint> complaints;
  while (!refusal.empty()) {
    std::string_view line = refusal.substr(0, refusal.find('\n'));
    refusal.remove_prefix(std::min(refusal.size(), line.size() + 1));
    if (!line.starts_with(kUploadPrefix)) return std::nullopt;
    complaints.push_back(complaint_in(line.substr(kUploadPrefix.size())));
  }
  return complaints;
}

/// What is wrong, without the advice: that depends on what the reader knows.
std::string_view without_advice(std::string_view reason) {
  return reason.substr(0, reason.rfind("; "));
}

/// Whether both tell of a circle, the steps of which are named by what the reader knows of them.
bool are_circles(std::string_view a, std::string_view b) {
  return a.starts_with(kInACircle) && b.starts_with(kInACircle);
}

/// Where a fault is that is found here, too; taken out of `own`, so that the next is found next.
std::optional<model::SourcePosition> take_place(const Complaint& complaint,
                                                std::vector<FaultList::Fault>& own) {
  auto found = std::ranges::find_if(own, [&](const FaultList::Fault& fault) {
    return fault.step == complaint.step &&
           without_advice(fault.reason) == without_advice(complaint.reason);
  });
  if (found == own.end()) {
    found = std::ranges::find_if(own, [&](const FaultList::Fault& fault) {
      return fault.step == complaint.step && are_circles(fault.reason, complaint.reason);
    });
  }
  if (found == own.end()) return std::nullopt;
  const model::SourcePosition at = found->at;
  own.erase(found);
  return at;
}

/// Where the text has what a hub refuses that reading the text cannot.
model::SourcePosition refused_place(const Complaint& complaint, const UploadPlaces& places) {
  if (complaint.step == 0 && complaint.reason.starts_with("env ")) return places.env;
  if (complaint.step == 0 && complaint.reason.starts_with("notify ")) return places.notify;
  if (complaint.step == 0 || complaint.step > places.steps.size()) return {};
  const StepPlace& step = places.steps[complaint.step - 1];
  const bool is_of_queue = complaint.reason.starts_with("queue \"") ||
                           complaint.reason.starts_with("the cluster has no default queue");
  if (is_of_queue && step.agents.line > 0) return step.agents;
  for (const model::ConditionText& condition : step.conditions) {
    if (complaint.reason.starts_with("if: " + condition.text + ": ")) return condition.at;
  }
  return step.at;
}

/// How many faults a complaint leaves out: "and 7 more faults".
std::size_t left_out(const Complaint& complaint) {
  constexpr std::string_view kAnd = "and ";
  std::string_view number = complaint.reason;
  if (complaint.step > 0 || !number.starts_with(kAnd) || !number.ends_with(" more faults")) {
    return 0;
  }
  number.remove_prefix(kAnd.size());
  std::size_t count = 0;
  const auto [stop, problem] = std::from_chars(number.data(), number.data() + number.size(), count);
  return problem == std::errc() ? count : 0;
}

}  // namespace

std::optional<FaultList> placed_refusal(std::string_view refusal, const UploadedText& upload) {
  const auto complaints = complaints_in(refusal);
  if (!complaints) return std::nullopt;
  FaultList own_list(upload.file);
  const UploadPlaces places = places_of_upload(upload, own_list);
  auto own = own_list.in_order();
  FaultList placed(upload.file);
  for (const Complaint& complaint : *complaints) {
    if (const std::size_t more = left_out(complaint); more > 0) {
      placed.leave_out(more);
      continue;
    }
    const auto at = take_place(complaint, own);
    placed.enter_step(complaint.step);
    placed.add(at ? *at : refused_place(complaint, places), complaint.reason);
  }
  return placed;
}

}  // namespace ostler::pipeline
