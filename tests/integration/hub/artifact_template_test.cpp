// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "artifact_fixture.hpp"
#include "support/raw_connection.hpp"

namespace ostler {
namespace {

using nlohmann::json;

/// An agent of the age that knows the one template for a whole batch only.
class ArtifactTemplate : public ArtifactTest {
 protected:
  /// The form that the template asks for.
  static std::string form(const json& declared, const File& file) {
    std::string form;
    for (const auto& [name, value] : declared["upload_instructions"]["data"].items()) {
      std::string text = value;
      const std::string mark = "${artifact:path}";
      if (const auto at = text.find(mark); at != text.npos) {
        text.replace(at, mark.size(), file.path);
      }
      form += field(name, text);
    }
    return form + file_part(file.content);
  }

  static std::string template_address(const json& declared) {
    return address(declared["upload_instructions"]["action"]);
  }

  static int upload(const json& declared, const File& file) {
    return send_form(template_address(declared), form(declared, file)).status;
  }

  /// What a download of each found artifact gives, sorted.
  std::vector<std::string> contents(const std::string& query) {
    std::vector<std::string> contents;
    for (const json& artifact : search(query, "&include_duplicates=true")) {
      contents.push_back(support::http_call({"GET", artifact["url"], {}, ""}).body);
    }
    std::ranges::sort(contents);
    return contents;
  }
};

TEST_F(ArtifactTemplate, ServesAWholeBatch) {
  std::vector<File> files;
  for (int count = 0; count < 30; ++count) {
    files.push_back(
        {"out dir/f\xc3\xa9 " + std::to_string(count), std::string(1000, 'a' + count % 26)});
  }
  files[7].content = "";
  const json declared = declare("batch-1", files);
  ASSERT_EQ(declared["artifact_ids"].size(), files.size());
  for (const File& file : files) EXPECT_EQ(upload(declared, file), 204) << file.path;
  for (const json& id : declared["artifact_ids"]) EXPECT_EQ(report(id, "finished").status, 200);
  const json found = search("out%20dir/*");
  ASSERT_EQ(found.size(), files.size());
  for (const json& artifact : found) {
    const auto file = std::ranges::find(files, artifact["path"].get<std::string>(), &File::path);
    ASSERT_NE(file, files.end()) << artifact;
    EXPECT_EQ(support::http_call({"GET", artifact["url"], {}, ""}).body, file->content);
  }
}

TEST_F(ArtifactTemplate, TellsFilesOfOnePathApart) {
  const std::vector<File> files{{"a", "one"}, {"a", "two"}, {"a", "two"}, {"b", "one"}};
  const json declared = declare("batch-1", files);
  for (const File& file : {files[1], files[3], files[2], files[0]}) {
    EXPECT_EQ(upload(declared, file), 204);
  }
  for (const json& id : declared["artifact_ids"]) EXPECT_EQ(report(id, "finished").status, 200);
  EXPECT_EQ(contents("a"), (std::vector<std::string>{"one", "two", "two"}));
  EXPECT_EQ(contents("b"), std::vector<std::string>{"one"});
}

TEST_F(ArtifactTemplate, CanBeUsedAgainUntilTheUploadIsReported) {
  const json declared = declare("batch-1", {{"a", "one"}});
  EXPECT_EQ(upload(declared, {"a", "one"}), 204);
  EXPECT_EQ(upload(declare("batch-1", {{"a", "one"}}), {"a", "one"}), 204) << "of a repeated batch";
  EXPECT_EQ(report(declared["artifact_ids"][0], "finished").status, 200);
  EXPECT_EQ(upload(declared, {"a", "one"}), 422);
}

TEST_F(ArtifactTemplate, TakesOnlyWhatItsBatchDeclares) {
  const json declared = declare("batch-1", {{"a", "one"}});
  declare("batch-2", {{"b", "two"}});
  EXPECT_EQ(upload(declared, {"b", "two"}), 422) << "a path of another batch";
  EXPECT_EQ(upload(declared, {"../a", "one"}), 422);
  EXPECT_EQ(upload(declared, {"a", "ONE"}), 422) << "other bytes";
  EXPECT_EQ(upload(declared, {"a", "one more"}), 413);
  EXPECT_EQ(send_form(template_address(declared), file_part("one")).status, 422) << "no path";
  EXPECT_EQ(send_form(template_address(declared),
                      field("artifact_path", std::string(20'000, 'a')) + file_part("one"))
                .status,
            422);
  EXPECT_EQ(report(declared["artifact_ids"][0], "finished").status, 404) << "nothing was kept";
}

TEST_F(ArtifactTemplate, NeedsItsSignature) {
  const json declared = declare("batch-1", {{"a", "one"}, {"b", "two"}});
  const std::string url = template_address(declared);
  const std::string body = form(declared, {"a", "one"});
  EXPECT_EQ(send_form(url.substr(0, url.find('?')), body).status, 403);
  EXPECT_EQ(send_form(url + "0", body).status, 403);
  std::string longer = url;
  longer.replace(longer.find("expires=") + 8, 1, "9");
  EXPECT_EQ(send_form(longer, body).status, 403) << "a longer life";
  const std::string first = declared["artifact_ids"][0];
  std::string other = url;
  other.replace(other.find(first), first.size(), declared["artifact_ids"][1].get<std::string>());
  EXPECT_EQ(send_form(other, body).status, 403) << "made for another artifact";
  const json own = declared["per_artifact_instructions"][first]["action"];
  EXPECT_EQ(
      send_form(url.substr(0, url.find('?')) + address(own).substr(address(own).find('?')), body)
          .status,
      403)
      << "made for one artifact";
  EXPECT_EQ(support::http_call({"GET", url, {}, ""}).status, 404);
}

TEST_F(ArtifactTemplate, KeepsNothingOfABodyThatIsCutShort) {
  const File file{"a", std::string(100'000, 'q')};
  const json declared = declare("batch-1", {file});
  const std::string body = form(declared, file);
  const std::string url = template_address(declared);
  EXPECT_EQ(send_form(url, body.substr(0, body.size() - 50)).status, 422);
  auto connection = support::RawConnection::to_port(
      static_cast<std::uint16_t>(std::stoi(hub_.url().substr(hub_.url().rfind(':') + 1))));
  connection.send("POST " + url.substr(hub_.url().size()) +
                  " HTTP/1.1\r\nHost: hub\r\nContent-Type: multipart/form-data; boundary=xx\r\n"
                  "Content-Length: " +
                  std::to_string(body.size()) + "\r\n\r\n" + body.substr(0, body.size() / 2));
  connection.shut_down_sending();
  EXPECT_EQ(support::status_in(connection.read_to_end()), 503);
  EXPECT_EQ(report(declared["artifact_ids"][0], "finished").status, 404);
  EXPECT_EQ(upload(declared, file), 204) << "the next attempt";
}

}  // namespace
}  // namespace ostler
