// SPDX-License-Identifier: Apache-2.0
#include "support/running_hub.hpp"

#include <cstdio>

#include "base/assert.hpp"
#include "files/file.hpp"
#include "support/wait_until.hpp"

namespace ostler::support {
namespace {

std::string first_line(const std::filesystem::path& path) {
  auto content = files::read_file(path);
  OSTLER_ASSERT(content.has_value());
  return content.value().substr(0, content.value().find('\n'));
}

}  // namespace

std::uint16_t RunningHub::port() const {
  return static_cast<std::uint16_t>(std::stoi(url_.substr(url_.rfind(':') + 1)));
}

std::string RunningHub::agent_token() const { return first_line(agent_token_file()); }

std::string RunningHub::builds_path(const std::string& pipeline) const {
  return "/organizations/" + organization_ + "/pipelines/" + pipeline + "/builds";
}

HttpAnswer RunningHub::rest(const std::string& method, const std::string& path,
                            const nlohmann::json& body) const {
  HttpCall call{method, url_ + "/v2" + path, {}, body.is_null() ? "" : body.dump()};
  call.headers = {"Authorization: Bearer " + first_line(data_ / "api-token"),
                  "Content-Type: application/json"};
  return http_call(call);
}

std::string RunningHub::make_pipeline(const std::string& name, const std::string& yaml,
                                      const std::string& repository) const {
  const auto answer = rest("POST", "/organizations/" + organization_ + "/pipelines",
                           {{"name", name}, {"repository", repository}, {"configuration", yaml}});
  if (answer.status != 201) std::fprintf(stderr, "pipeline refused: %s\n", answer.body.c_str());
  OSTLER_ASSERT(answer.status == 201);
  return answer.json()["slug"];
}

int RunningHub::make_build(const std::string& pipeline, const nlohmann::json& env) const {
  nlohmann::json body = {{"commit", "HEAD"}, {"branch", "main"}, {"message", "a test"}};
  if (!env.is_null()) body["env"] = env;
  const auto answer = rest("POST", builds_path(pipeline), body);
  if (answer.status != 201) std::fprintf(stderr, "build refused: %s\n", answer.body.c_str());
  OSTLER_ASSERT(answer.status == 201);
  return answer.json()["number"];
}

nlohmann::json RunningHub::build(const std::string& pipeline, int number) const {
  return rest("GET", builds_path(pipeline) + "/" + std::to_string(number)).json();
}

std::optional<nlohmann::json> RunningHub::finished_build(const std::string& pipeline, int number,
                                                         std::chrono::seconds limit) const {
  nlohmann::json found;
  const bool finished = wait_until(limit, [&] {
    found = build(pipeline, number);
    return found.is_object() && found.contains("finished_at") && !found["finished_at"].is_null();
  });
  if (!finished) return std::nullopt;
  return found;
}

std::string RunningHub::log(const std::string& pipeline, int number, std::size_t job) const {
  const auto jobs = build(pipeline, number)["jobs"];
  const std::string id = jobs.at(job)["id"];
  return rest("GET",
              builds_path(pipeline) + "/" + std::to_string(number) + "/jobs/" + id + "/log.txt")
      .body;
}

std::string plain_log(const std::string& log) {
  std::string plain;
  for (std::size_t at = 0; at < log.size(); ++at) {
    if (log.compare(at, 7, "\x1b_bk;t=") == 0) {
      at = log.find('\a', at);
      if (at == std::string::npos) break;
    } else if (log[at] != '\r') {
      plain += log[at];
    }
  }
  return plain;
}

}  // namespace ostler::support
