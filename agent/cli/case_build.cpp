// SPDX-License-Identifier: Apache-2.0
#include "cli/case_build.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/ascii.hpp"

namespace ostler::cli {

using Arguments = std::vector<std::string>;

struct CaseBuild::Method {
  std::string_view name;
  std::size_t arguments;
  Result<std::string> (CaseBuild::*answer)(const Arguments& arguments);
};

const CaseBuild::Method* CaseBuild::method_named(std::string_view name) {
  static constexpr Method kMethods[] = {{"ostler.job/1/outcome", 1, &CaseBuild::outcome},
                                        {"ostler.output/1/get", 2, &CaseBuild::output},
                                        {"ostler.meta-data/1/get", 1, &CaseBuild::get_datum},
                                        {"ostler.meta-data/1/exists", 1, &CaseBuild::has_datum},
                                        {"ostler.meta-data/1/set", 2, &CaseBuild::set_datum},
                                        {"ostler.meta-data/1/keys", 0, &CaseBuild::list_keys}};
  const auto* const found = std::ranges::find(kMethods, name, &Method::name);
  return found == std::end(kMethods) ? nullptr : found;
}

bool CaseBuild::is_call(std::string_view method) const {
  return job_ && method_named(method) != nullptr;
}

Result<std::string> CaseBuild::answer(const std::string& method, const Arguments& arguments) {
  const Method* found = method_named(method);
  if (arguments.size() == found->arguments) return (this->*found->answer)(arguments);
  return Error(Errc::UserFault, method + " takes " + std::to_string(found->arguments) +
                                    " arguments, not " + std::to_string(arguments.size()));
}

bool CaseBuild::holds_lock(const std::string& name) const {
  return job_ && std::ranges::find(job_->locks, name) != job_->locks.end();
}

Result<std::string> CaseBuild::outcome(const Arguments& arguments) {
  const auto step = job_->steps.find(arguments[0]);
  if (step != job_->steps.end()) return step->second.outcome;
  return Error(Errc::NotFound, "the build has no step " + arguments[0]);
}

Result<std::string> CaseBuild::output(const Arguments& arguments) {
  const auto step = job_->steps.find(arguments[0]);
  if (step != job_->steps.end()) {
    const auto found = step->second.outputs.find(arguments[1]);
    if (found != step->second.outputs.end()) return found->second;
  }
  return Error(Errc::NotFound, "the step " + arguments[0] + " has left no output " + arguments[1]);
}

Result<std::string> CaseBuild::get_datum(const Arguments& arguments) {
  const auto found = job_->meta_data.find(arguments[0]);
  if (found != job_->meta_data.end()) return found->second;
  return Error(Errc::NotFound, "the build has no meta-data " + arguments[0]);
}

Result<std::string> CaseBuild::has_datum(const Arguments& arguments) {
  return std::string(job_->meta_data.contains(arguments[0]) ? "1" : "0");
}

Result<std::string> CaseBuild::set_datum(const Arguments& arguments) {
  const std::string& key = arguments[0];
  if (is_blank(key) || is_blank(arguments[1])) {
    return Error(Errc::UserFault, "neither key nor value of meta-data may be blank: " + key);
  }
  if (key.starts_with("ostler:") || key.starts_with("buildkite:")) {
    return Error(Errc::Denied,
                 "keys that begin with ostler: or buildkite: are not for plugins "
                 "to set: " +
                     key);
  }
  job_->meta_data.insert_or_assign(key, arguments[1]);
  tell_("meta-data " + key + " = " + arguments[1]);
  return std::string();
}

Result<std::string> CaseBuild::list_keys(const Arguments&) {
  nlohmann::json keys = nlohmann::json::array();
  for (const auto& [key, value] : job_->meta_data) keys.push_back(key);
  return keys.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace ostler::cli
