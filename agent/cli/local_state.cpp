// SPDX-License-Identifier: Apache-2.0
#include "cli/local_state.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

#include "files/file.hpp"
#include "files/file_lock.hpp"
#include "model/plugin_state.hpp"

namespace ostler::cli {
namespace {

using nlohmann::json;

constexpr std::string_view kLocalStateMethods = "ostler.state/1/";
constexpr std::size_t kLongestLocalState = 256u << 20;

std::filesystem::path values_file(const std::filesystem::path& directory) {
  return directory / "values.json";
}

/// "values": scope, plugin and key lead to value and revision; "last" is the last revision.
Result<json> read_values(const std::filesystem::path& directory) {
  const auto text = files::read_file(values_file(directory), kLongestLocalState);
  if (!text && text.error().code() == Errc::NotFound) {
    return json{{"last", 0}, {"values", json::object()}};
  }
  if (!text) return text.error();
  json values = json::parse(text.value(), nullptr, false);
  const bool is_ours = values.is_object() && values.contains("values") &&
                       values["values"].is_object() && values.value("last", json()).is_number();
  if (is_ours) return values;
  return Error(Errc::Corrupt, values_file(directory).string() +
                                  ": these are no values of plugins; remove the file");
}

json* find_value(json& values, const model::StateKey& at) {
  json* place = &values["values"];
  for (const std::string& name : {std::string(model::name_of(at.scope)), at.plugin, at.key}) {
    const auto found = place->find(name);
    if (found == place->end() || !found->is_object()) return nullptr;
    place = &*found;
  }
  return place;
}

Result<std::optional<std::int64_t>> local_revision(const std::string& text) {
  if (text == "any") return std::optional<std::int64_t>();
  std::int64_t revision = -1;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, revision);
  if (read.ec == std::errc() && read.ptr == end && revision >= 0) return std::optional(revision);
  return Error(Errc::UserFault, "a revision is a number from 0 on, or \"any\": " + text);
}

std::size_t count_keys(const json& values, const model::StateKey& at) {
  std::size_t count = 0;
  for (const json& plugin :
       values["values"].value(std::string(model::name_of(at.scope)), json::object())) {
    count += plugin.size();
  }
  return count;
}

Result<std::string> get_local(const std::filesystem::path& directory, const model::StateKey& at) {
  OSTLER_TRY(auto values, read_values(directory));
  const json* found = find_value(values, at);
  if (found == nullptr) return Error(Errc::NotFound, "there is no key " + at.key);
  return std::to_string(found->value("revision", std::int64_t{0})) + "\n" +
         found->value("value", "");
}

Result<std::string> list_local(const std::filesystem::path& directory, const model::StateKey& at) {
  OSTLER_TRY(auto values, read_values(directory));
  json keys = json::array();
  const json all = values["values"]
                       .value(std::string(model::name_of(at.scope)), json::object())
                       .value(at.plugin, json::object());
  for (const auto& [key, value] : all.items()) {
    if (key.starts_with(at.key)) keys.push_back(key);
  }
  return keys.dump();
}

/// `value` none: deletes it.
Result<std::string> change_local(const std::filesystem::path& directory, const model::StateKey& at,
                                 const std::optional<std::string>& value,
                                 const std::string& expectation) {
  OSTLER_TRY(const auto expected, local_revision(expectation));
  OSTLER_TRY(files::ensure_private_directory(directory));
  const auto lock = files::FileLock::try_acquire(directory / "lock");
  if (!lock)
    return Error(Errc::Unavailable, "another run changes values: " + lock.error().message());
  OSTLER_TRY(auto values, read_values(directory));
  const json* found = find_value(values, at);
  const std::int64_t has = found == nullptr ? 0 : found->value("revision", std::int64_t{0});
  if (expected.value_or(has) != has) {
    return Error(Errc::Conflict, "the key " + at.key + " has revision " + std::to_string(has) +
                                     ", not " + std::to_string(*expected));
  }
  if (found == nullptr && !value) return std::string();
  if (found == nullptr && count_keys(values, at) >= model::kMostStateKeys) {
    return Error(Errc::Internal, "there are 1,000 keys in this scope already");
  }
  const std::int64_t revision = values["last"].get<std::int64_t>() + 1;
  values["last"] = revision;
  json& place = values["values"][std::string(model::name_of(at.scope))][at.plugin];
  if (value) {
    place[at.key] = {{"value", *value}, {"revision", revision}};
  } else {
    place.erase(at.key);
  }
  OSTLER_TRY(files::write_file_atomically(values_file(directory), values.dump(1), 0600));
  return value ? std::to_string(revision) : std::string();
}

}  // namespace

bool LocalState::is_call(std::string_view method) { return method.starts_with(kLocalStateMethods); }

Result<std::string> LocalState::answer(const std::string& method,
                                       const std::vector<std::string>& arguments) const {
  const std::string what = method.substr(kLocalStateMethods.size());
  const std::size_t wanted = what == "set" ? 4 : what == "delete" ? 3 : 2;
  const bool is_known = wanted > 2 || what == "get" || what == "keys";
  if (!is_known) return Error(Errc::NotFound, "this host has no call " + method);
  if (arguments.size() != wanted) {
    return Error(Errc::UserFault, method + " takes " + std::to_string(wanted) + " arguments, not " +
                                      std::to_string(arguments.size()));
  }
  OSTLER_TRY(const auto scope, model::state_scope_of(arguments[0]));
  const model::StateKey at{scope, plugin_, arguments[1]};
  OSTLER_TRY(what == "keys" ? model::check_begin(at) : model::check(at));
  if (what == "keys") return list_local(directory_, at);
  if (what == "get") return get_local(directory_, at);
  if (what == "delete") return change_local(directory_, at, std::nullopt, arguments[2]);
  OSTLER_TRY(model::check_state_value(arguments[2]));
  return change_local(directory_, at, arguments[2], arguments[3]);
}

}  // namespace ostler::cli
