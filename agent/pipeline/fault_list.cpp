// SPDX-License-Identifier: Apache-2.0
#include "pipeline/fault_list.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace ostler::pipeline {
namespace {

constexpr std::size_t kMostShown = 100;

}  // namespace

void FaultList::add(model::SourcePosition at, std::string_view text) {
  std::string line = file_;
  if (naming_ == Naming::Steps) {
    if (step_ > 0) line += ": step " + std::to_string(step_);
  } else if (at.line > 0) {
    line += ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
  }
  keep({at, line.append(": ").append(text), std::string(text), step_});
}

bool FaultList::is_full() const { return faults_.size() == kMostShown; }

void FaultList::keep(Fault fault) {
  if (is_full()) {
    ++more_;
    return;
  }
  faults_.push_back(std::move(fault));
}

void FaultList::take(const FaultList& other) {
  for (const Fault& fault : other.faults_) keep(fault);
  more_ += other.more_;
}

std::vector<FaultList::Fault> FaultList::in_order() const {
  std::vector<Fault> sorted = faults_;
  std::sort(sorted.begin(), sorted.end(), [](const Fault& a, const Fault& b) {
    return std::tie(a.at.line, a.at.column, a.line) < std::tie(b.at.line, b.at.column, b.line);
  });
  return sorted;
}

std::string FaultList::rest() const {
  return more_ == 0 ? "" : file_ + ": and " + std::to_string(more_) + " more faults";
}

Error FaultList::error() const {
  std::string text;
  for (const Fault& fault : in_order()) {
    if (!text.empty()) text += "\n";
    text += fault.line;
  }
  if (more_ > 0) text += "\n" + rest();
  return Error(Errc::UserFault, std::move(text));
}

}  // namespace ostler::pipeline
