// SPDX-License-Identifier: Apache-2.0
#include "object_store/aws_profile.hpp"

#include <algorithm>

#include "files/file.hpp"

namespace ostler::object_store {
namespace {

// Ways to credentials that are programs or conversations of their own.
constexpr const char* kOtherWays[] = {"role_arn", "credential_process", "sso_session",
                                      "sso_start_url"};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r";
  const std::size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

// "[profile  name]" reads as "profile name"; none when the line is no heading.
std::optional<std::string> heading(std::string_view line) {
  if (!line.starts_with('[')) return std::nullopt;
  const std::string_view name = trimmed(line.substr(1, line.find(']') - 1));
  constexpr std::string_view kProfile = "profile ";
  if (!name.starts_with(kProfile)) return std::string(name);
  return std::string(kProfile) + std::string(trimmed(name.substr(kProfile.size())));
}

std::string place(const Variables& variables, const char* variable, const char* file) {
  const std::string given = variables(variable);
  return given.empty() ? variables("HOME") + "/.aws/" + file : given;
}

Result<std::optional<AwsCredentials>> credentials_in(const ProfileSettings& settings,
                                                     const std::string& name) {
  const auto text = [&](const char* key) {
    const auto at = settings.find(key);
    return at == settings.end() ? std::string() : at->second;
  };
  AwsCredentials found{text("aws_access_key_id"),
                       Secret(text("aws_secret_access_key")),
                       Secret(text("aws_session_token")),
                       {},
                       "profile \"" + name + "\""};
  if (!found.access_key_id.empty() && !found.secret_access_key.empty()) return found;
  for (const char* way : kOtherWays) {
    if (!settings.contains(way)) continue;
    return Error(Errc::UserFault, "AWS profile \"" + name + "\" gets its credentials by " + way +
                                      ", which is not supported; give it aws_access_key_id and "
                                      "aws_secret_access_key, or set those in the environment");
  }
  return std::optional<AwsCredentials>();
}

}  // namespace

std::optional<ProfileSettings> read_section(std::string_view text, std::string_view section) {
  std::optional<ProfileSettings> settings;
  bool is_inside = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (const auto name = heading(line)) {
      is_inside = *name == section;
      if (is_inside && !settings) settings.emplace();
      continue;
    }
    const std::size_t equals = line.find('=');
    if (!is_inside || equals == std::string_view::npos) continue;
    settings->insert_or_assign(std::string(trimmed(line.substr(0, equals))),
                               std::string(trimmed(line.substr(equals + 1))));
  }
  return settings;
}

std::optional<ProfileSettings> read_profile(const Variables& variables, const std::string& name) {
  std::optional<ProfileSettings> settings;
  const auto credentials =
      files::read_file(place(variables, "AWS_SHARED_CREDENTIALS_FILE", "credentials"));
  if (credentials) settings = read_section(credentials.value(), name);
  const auto config = files::read_file(place(variables, "AWS_CONFIG_FILE", "config"));
  if (!config) return settings;
  auto more = read_section(config.value(), name == "default" ? name : "profile " + name);
  if (!settings) return more;
  if (more) settings->merge(*more);
  return settings;
}

Result<AwsCredentials> named_profile_credentials(const Variables& variables,
                                                 const std::string& name) {
  const auto settings = read_profile(variables, name);
  if (!settings) {
    return Error(Errc::UserFault,
                 "AWS profile \"" + name +
                     "\" (from BUILDKITE_S3_PROFILE or AWS_PROFILE) is in "
                     "neither " +
                     place(variables, "AWS_SHARED_CREDENTIALS_FILE", "credentials") + " nor " +
                     place(variables, "AWS_CONFIG_FILE", "config"));
  }
  OSTLER_TRY(auto found, credentials_in(*settings, name));
  if (found) return *std::move(found);
  return Error(Errc::UserFault,
               "AWS profile \"" + name + "\" has no aws_access_key_id and aws_secret_access_key");
}

Result<std::optional<AwsCredentials>> default_profile_credentials(const Variables& variables) {
  const auto settings = read_profile(variables, "default");
  if (!settings) return std::optional<AwsCredentials>();
  return credentials_in(*settings, "default");
}

}  // namespace ostler::object_store
