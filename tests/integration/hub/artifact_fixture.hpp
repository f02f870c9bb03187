// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "crypto/digest.hpp"
#include "scripted_agent.hpp"

namespace ostler {

/// An agent with a running job, which uploads artifacts.
class ArtifactTest : public HubTest {
 protected:
  struct File {
    std::string path;
    std::string content;
  };

  void SetUp() override {
    job_ = make_job();
    ASSERT_EQ(agent_.ping(10), job_);
    build_ = agent_.accept(job_)["env"]["BUILDKITE_BUILD_ID"];
    agent_.start(job_);
  }

  static nlohmann::json declaration(const File& file) {
    return {{"id", ""},
            {"path", file.path},
            {"absolute_path", "/b/" + file.path},
            {"glob_path", ""},
            {"file_size", file.content.size()},
            {"sha1sum", ""},
            {"sha256sum", crypto::sha256_hex(file.content)},
            {"job_id", ""},
            {"created_at", "0001-01-01T00:00:00Z"},
            {"content_type", "text/plain"}};
  }

  /// Declares the artifacts of one batch; returns the answer.
  nlohmann::json declare(const std::string& batch, const std::vector<File>& files) {
    nlohmann::json artifacts = nlohmann::json::array();
    for (const File& file : files) artifacts.push_back(declaration(file));
    const auto answer =
        agent_.job_call("POST", "jobs/" + job_ + "/artifacts",
                        {{"id", batch}, {"artifacts", artifacts}, {"upload_destination", ""}});
    EXPECT_EQ(answer.status, 201) << answer.body;
    return answer.json();
  }

  /// The address that a genuine agent makes of an action: the path of `path`, all else of `url`.
  static std::string address(const nlohmann::json& action) {
    const std::string url = action["url"];
    const auto origin = url.find('/', url.find("://") + 3);
    return url.substr(0, origin) + action["path"].get<std::string>() + url.substr(url.find('?'));
  }

  static std::string field(const std::string& name, const std::string& value) {
    return "--xx\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
  }

  static std::string file_part(const std::string& content) {
    return "--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n"
           "Content-Type: application/octet-stream\r\n\r\n" +
           content + "\r\n--xx--\r\n";
  }

  static support::HttpAnswer send_form(const std::string& url, const std::string& form) {
    return support::http_call(
        {"POST", url, {"Content-Type: multipart/form-data; boundary=xx"}, form});
  }

  support::HttpAnswer report(const std::string& id, const std::string& state) {
    return agent_.job_call("PUT", "jobs/" + job_ + "/artifacts",
                           {{"artifacts", {{{"id", id}, {"state", state}}}}});
  }

  nlohmann::json search(const std::string& query, const std::string& more = "") {
    const auto answer = agent_.call(
        "GET", "builds/" + build_ + "/artifacts/search?query=" + query + "&state=finished" + more);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.json();
  }

  ScriptedAgent agent_{hub_};
  std::string job_;
  std::string build_;
};

}  // namespace ostler
