// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/fault_list.hpp"

namespace ostler::pipeline {

/// Brings a pipeline into the form in which it is uploaded: one name per attribute, commands as one
/// text, plugins as a list of full sources, secrets as a list of pairs, values of variables as
/// texts. What it does not know it leaves as it is, with a warning when it is a whole step.
/// Source: agent-api 2.16, job-lifecycle 9.5.
class UploadForm {
 public:
  /// `drop_if_changed`: take `if_changed` out; else it is a fault, for nothing evaluates it yet.
  UploadForm(FaultList& faults, std::vector<std::string>& warnings, bool drop_if_changed)
      : faults_(faults), warnings_(warnings), drop_if_changed_(drop_if_changed) {}

  /// `document` is an object; afterwards its `steps` is a list.
  void apply(nlohmann::ordered_json& document);

 private:
  void steps(nlohmann::ordered_json& list);
  void step(nlohmann::ordered_json& step);
  void command_step(nlohmann::ordered_json& step);
  void group_step(nlohmann::ordered_json& step);
  void check_scalar_step(const nlohmann::ordered_json& step);
  void take_if_changed(nlohmann::ordered_json& step);
  void warn_of_unknown(std::string_view what);
  void join_commands(nlohmann::ordered_json& step);
  void texts_of(nlohmann::ordered_json& object, std::string_view what);
  void list_plugins(nlohmann::ordered_json& plugins);
  void add_plugin(const nlohmann::ordered_json& item, nlohmann::ordered_json& list);
  void list_secrets(nlohmann::ordered_json& secrets);
  void fault(std::string_view text);

  FaultList& faults_;
  std::vector<std::string>& warnings_;
  bool drop_if_changed_;
  std::size_t number_ = 0;  ///< of the step at the top, counted from 1
};

}  // namespace ostler::pipeline
