// SPDX-License-Identifier: Apache-2.0
#include "artifact/download.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "agent_client/http_transport.hpp"
#include "base/unique_fd.hpp"
#include "crypto/digest.hpp"
#include "files/file.hpp"
#include "support/fake_artifact_store.hpp"
#include "support/temp_directory.hpp"

namespace ostler::artifact {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::HasSubstr;

class DownloadTest : public testing::Test {
 protected:
  DownloadTest() {
    options_.search.build = "b1";
    options_.threads = 4;
    options_.retry = {2, agent_client::Growth::Constant, 1ms};
  }

  void offer(const std::string& path, const std::string& content) {
    wire::Artifact artifact;
    artifact.id = "x";
    artifact.path = path;
    artifact.sha256sum = crypto::sha256_hex(content);
    store_.add(artifact, content);
  }

  Result<std::size_t> get(const std::string& query = "*") {
    return download(query, directory_.path().string(), options_, transport_,
                    [](const std::string&) {});
  }

  std::vector<std::string> files_left() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(directory_.path())) {
      if (entry.is_regular_file()) names.push_back(entry.path().filename().string());
    }
    return names;
  }

  support::TempDirectory directory_;
  support::FakeArtifactStore store_;
  DownloadOptions options_;
  agent_client::HttpTransport transport_{{store_.endpoint(), Secret("token"), {}}};
};

TEST_F(DownloadTest, WritesEachArtifactWhole) {
  for (int i = 0; i < 20; ++i) offer("d/f" + std::to_string(i), std::string(1000, 'x'));
  offer("top", "t");
  const auto done = get();
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(files::read_file(directory_ / "top").value(), "t");
  EXPECT_EQ(files::read_file(directory_ / "d/f19").value(), std::string(1000, 'x'));
  EXPECT_EQ(files_left().size(), 21u);
  struct stat found{};
  ASSERT_EQ(::stat((directory_ / "top").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0600u, 0600u);
}

TEST_F(DownloadTest, AsksWithItsQueryEncodedAndInOrder) {
  options_.search.step = "my step";
  options_.search.include_retried_jobs = true;
  offer("a", "x");
  ASSERT_TRUE(get("pkg/*.deb"));
  EXPECT_EQ(store_.calls()[0],
            "GET /v3/builds/b1/artifacts/search?include_retried_jobs=true&query=pkg%2F%2A.deb"
            "&scope=my%20step&state=finished");
}

TEST_F(DownloadTest, SaysWhenNothingMatches) {
  const auto done = get("none");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Errc::NotFound);
  EXPECT_THAT(done.error().message(), HasSubstr("none"));
}

TEST_F(DownloadTest, KeepsNothingOfOtherContentThanDeclared) {
  offer("a", "x");
  store_.set_faults({.lie_content = true});
  const auto done = get();
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message(), HasSubstr("SHA-256"));
  EXPECT_TRUE(files_left().empty());
}

/// Agents of old send no SHA-256, and some servers tell no digest at all.
TEST_F(DownloadTest, ComparesWithWhateverTheServerTells) {
  wire::Artifact artifact;
  artifact.id = artifact.path = "a";
  artifact.sha1sum = "2aae6c35c94fcfb415dbe95f408b9ce91ee846ed";  // of "hello world"
  store_.add(artifact, "hello world");
  ASSERT_TRUE(get());
  store_.set_faults({.lie_content = true});
  EXPECT_THAT(get().error().message(), HasSubstr("SHA-1"));
  EXPECT_EQ(files::read_file(directory_ / "a").value(), "hello world") << "what was there stays";
}

TEST_F(DownloadTest, ComparesWithTheSizeWhereThereIsNoDigest) {
  wire::Artifact artifact;
  artifact.id = artifact.path = "a";
  artifact.file_size = 5;
  store_.add(artifact, "hello");
  store_.set_faults({.lie_content = true});
  EXPECT_THAT(get().error().message(), HasSubstr("its size is 6, not 5"));
  EXPECT_TRUE(files_left().empty());
  store_.set_faults({});
  EXPECT_TRUE(get());
}

TEST_F(DownloadTest, LeavesNothingOfAnAnswerThatIsCutAnywhere) {
  const std::string content = "the whole content";
  offer("a", content);
  for (const bool tells_size : {true, false}) {
    const std::string size =
        tells_size ? "Content-Length: " + std::to_string(content.size()) + "\r\n" : "";
    const std::string whole = "HTTP/1.1 200 OK\r\nConnection: close\r\n" + size + "\r\n" + content;
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
      store_.set_faults({.served = support::RawReply{whole.substr(0, cut), cut % 2 == 0}});
      EXPECT_FALSE(get()) << "after byte " << cut;
      EXPECT_TRUE(files_left().empty()) << "after byte " << cut;
    }
  }
}

struct ServedRow {
  const char* name;
  support::ServerAnswer answer;
  std::size_t attempts;
  const char* error;
};

TEST_F(DownloadTest, LeavesNothingOfAnAnswerThatIsNotTheContent) {
  offer("a", "content");
  const ServedRow rows[] = {
      {"unauthorized", support::ServerReply{401, "no"}, 1, "401"},
      {"gone", support::ServerReply{404, "no"}, 1, "404"},
      {"too many", support::ServerReply{429, "no"}, 2, "429"},
      {"broken", support::ServerReply{500, "no"}, 2, "500"},
      {"a gateway's page", support::ServerReply{502, "<html>bad gateway</html>"}, 2, "502"},
      {"reset", support::ResetReply(), 2, ""},
      {"a login page", support::ServerReply{200, "<html>log in</html>"}, 1, "SHA-256"}};
  for (const ServedRow& row : rows) {
    SCOPED_TRACE(row.name);
    const std::size_t before = store_.calls().size();
    store_.set_faults({.served = row.answer});
    const auto done = get();
    ASSERT_FALSE(done);
    EXPECT_THAT(done.error().message(), HasSubstr(row.error));
    EXPECT_EQ(store_.calls().size() - before, 1 + row.attempts) << "a search, and its attempts";
    EXPECT_TRUE(files_left().empty());
  }
}

TEST_F(DownloadTest, WritesNothingOutsideItsDestination) {
  offer("ok", "x");
  offer("a/../../../evil", "x");
  const auto done = get();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Errc::Denied);
  EXPECT_TRUE(files_left().empty());
}

/// Where a stranger may write, too.
TEST_F(DownloadTest, FollowsNoLinkBeneathAnOpenDirectory) {
  const UniqueFd root(::open(directory_.path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  const support::TempDirectory outside;
  fs::create_directory_symlink(outside.path(), directory_ / "link");
  options_.beneath = root.get();
  offer("d/ok", "x");
  offer("link/evil", "x");
  const auto done = get();
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message(), HasSubstr("link/evil: \"link\" on the way there"));
  EXPECT_EQ(files::read_file(directory_ / "d/ok").value(), "x");
  EXPECT_TRUE(fs::is_empty(outside.path()));
  EXPECT_THAT(files_left(), testing::ElementsAre("ok"));
}

TEST_F(DownloadTest, RefusesADestinationThatIsNoDirectory) {
  const auto done = download("*", (directory_ / "nope").string(), options_, transport_,
                             [](const std::string&) {});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Errc::UserFault);
  EXPECT_TRUE(store_.calls().empty());
}

TEST_F(DownloadTest, RefusesAStoreOfNoKnownKindByName) {
  wire::Artifact artifact;
  artifact.id = artifact.path = "a";
  artifact.upload_destination = "ftp://host/x";
  store_.add(artifact, "x");
  const auto done = get();
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message(),
              HasSubstr("artifact a: artifact destination \"ftp://host/x\""));
}

}  // namespace
}  // namespace ostler::artifact
