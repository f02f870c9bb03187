// SPDX-License-Identifier: Apache-2.0
#include "pipeline/fault_list.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/utf8.hpp"

namespace ostler::pipeline {
namespace {

constexpr std::size_t kMostShown = 100;
constexpr std::size_t kLongestName = 80;  // bytes

/// The beginning of the first line, as text that can stand between quotes.
std::string quotable(std::string_view name) {
  name = name.substr(0, std::min(name.find('\n'), kLongestName));
  std::string text(name.substr(0, valid_utf8_prefix(name)));
  std::erase_if(text, [](unsigned char c) { return c < ' ' || c == 0x7f; });
  std::ranges::replace(text, '"', '\'');
  return text;
}

}  // namespace

void FaultList::name_step(std::size_t number, std::string_view name) {
  if (names_places() || name.empty()) return;
  step_names_[number] = quotable(name);
}

std::string FaultList::words_of_step() const {
  const std::string words = "step " + std::to_string(step_);
  const auto name = step_names_.find(step_);
  return name == step_names_.end() ? words : words + " \"" + name->second + "\"";
}

void FaultList::add(model::SourcePosition at, std::string_view text) {
  std::string line = file_;
  if (naming_ == Naming::Steps) {
    if (step_ > 0) line += ": " + words_of_step();
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
