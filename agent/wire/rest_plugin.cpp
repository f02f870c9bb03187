// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_plugin.hpp"

#include <nlohmann/json.hpp>
#include <optional>

#include "wire/json_list.hpp"
#include "wire/json_reader.hpp"
#include "wire/rest_json.hpp"

namespace ostler::wire {

std::string encode_rest_plugin(const RestPlugin& plugin) {
  return JsonObjectText()
      .text("id", plugin.id)
      .text("name", plugin.name)
      .text("version", plugin.version)
      .text("platform", plugin.platform)
      .text("description", plugin.description)
      .text("sha256", plugin.sha256)
      .text_or_null("signed_by", plugin.signed_by)
      .text("archive_sha256", plugin.archive_sha256)
      .number("size", plugin.size)
      .time("published_at", plugin.published_at)
      .finish();
}

namespace {

Result<RestPlugin> read_plugin(const nlohmann::json& object) {
  RestPlugin plugin;
  std::optional<Timestamp> published_at;
  ObjectReader reader(object, "plugin");
  reader.read("name", plugin.name);
  reader.read("version", plugin.version);
  reader.read("platform", plugin.platform);
  reader.read("description", plugin.description);
  reader.read("sha256", plugin.sha256);
  reader.read("signed_by", plugin.signed_by);
  reader.read("archive_sha256", plugin.archive_sha256);
  reader.read("size", plugin.size);
  reader.read("published_at", published_at);
  reader.require(plugin.size >= 0, "size", "no negative number");
  OSTLER_TRY(reader.finish());
  plugin.published_at = published_at.value_or(Timestamp{});
  return plugin;
}

}  // namespace

Result<std::vector<RestPlugin>> decode_rest_plugins(std::string_view body) {
  return decode_list(body, "plugins", read_plugin);
}

}  // namespace ostler::wire
