// SPDX-License-Identifier: Apache-2.0
// Backup, restore and check of a hub's data, as its owner runs them.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>
#include <future>

#include "artifact_fixture.hpp"
#include "files/file.hpp"
#include "files/file_lock.hpp"

namespace ostler {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using support::ProgramResult;
using testing::HasSubstr;
using testing::Not;

/// A hub with a running job that has written a line and uploaded an artifact.
class Upkeep : public ArtifactTest {
 protected:
  void SetUp() override {
    ArtifactTest::SetUp();
    ASSERT_EQ(agent_.chunk(job_, 1, 0, "before\n").status, 200);
    const json declared = declare("batch", {{"out.txt", "content"}});
    artifact_ = declared["artifact_ids"][0];
    const auto url = address(declared["per_artifact_instructions"][artifact_]["action"]);
    ASSERT_EQ(send_form(url, file_part("content")).status, 204);
    ASSERT_EQ(report(artifact_, "finished").status, 200);
  }

  static ProgramResult hub(std::vector<std::string> words) {
    words.insert(words.begin(), {support::ostler_program(), "hub"});
    return support::run_program(words);
  }
  ProgramResult back_up(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"backup", backup_, "--data-path", hub_.data()});
    return hub(std::move(more));
  }
  ProgramResult restore(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"restore", backup_, "--data-path", hub_.data()});
    return hub(std::move(more));
  }
  /// The hub goes on from its backup.
  void go_back() {
    hub_.kill();
    const auto restored = restore({"--replace"});
    ASSERT_EQ(restored.code, 0) << restored.err;
    hub_.start_again();
  }
  static json check(const fs::path& directory) {
    return json::parse(hub({"check", directory, "--json"}).out);
  }

  /// The only file below a directory.
  static fs::path only_file(const fs::path& directory) {
    fs::path found;
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
      if (entry.is_regular_file()) found = entry.path();
    }
    return found;
  }

  std::string backup_ = directory_ / "backup";
  std::string artifact_;
};

TEST_F(Upkeep, ARestoredHubHasWhatTheRunningOneHadAtTheBackup) {
  const auto made = back_up();
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr("1 logs, 1 artifacts"));
  ASSERT_EQ(agent_.chunk(job_, 2, 7, "after\n").status, 200) << "the hub has gone on meanwhile";
  hub_.make_build(pipeline_);
  go_back();
  EXPECT_THAT(hub_.log(pipeline_, 1), testing::StartsWith("before\n"));
  EXPECT_THAT(hub_.log(pipeline_, 1), Not(HasSubstr("after")));
  const auto artifacts =
      hub_.rest("GET", "/organizations/ostler/pipelines/" + pipeline_ + "/builds/1/artifacts");
  ASSERT_EQ(artifacts.json().size(), 1u) << artifacts.body;
  EXPECT_EQ(artifacts.json()[0]["state"], "finished");
  const auto download =
      hub_.rest("GET", "/organizations/ostler/pipelines/" + pipeline_ + "/builds/1/jobs/" + job_ +
                           "/artifacts/" + artifact_ + "/download");
  EXPECT_EQ(support::http_call({"GET", download.json()["url"], {}, ""}).body, "content");
  EXPECT_EQ(hub_.make_build(pipeline_), 1003) << "number 2 was given after the backup";
  EXPECT_EQ(check(hub_.data())["ok"], true);
}

TEST_F(Upkeep, NothingThatWasUnderWayAtTheBackupRunsAfterARestore) {
  const int waiting = hub_.make_build(pipeline_);
  ASSERT_EQ(back_up().code, 0);
  ASSERT_EQ(agent_.finish(job_).status, 200) << "it ended after the backup";
  ASSERT_EQ(hub_.build(pipeline_, 1)["state"], "passed");
  go_back();
  EXPECT_EQ(hub_.build(pipeline_, 1)["state"], "canceled");
  EXPECT_EQ(hub_.build(pipeline_, waiting)["state"], "canceled");
  EXPECT_EQ(agent_.job_call("GET", "jobs/" + job_).status, 401)
      << "an agent that still runs it lets go of it";
  EXPECT_EQ(agent_.ping(), "") << "nothing waits";
  const std::string fresh = make_job();
  EXPECT_EQ(agent_.ping(10), fresh) << "the session goes on, with new work";
}

TEST_F(Upkeep, ARestoreNamesWhatItMovedAside) {
  ASSERT_EQ(back_up().code, 0);
  hub_.kill();
  const auto refused = restore();
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("is not empty"));
  const auto restored = restore({"--replace"});
  ASSERT_EQ(restored.code, 0) << restored.err;
  const auto at = restored.out.find((hub_.data() / "replaced-").string());
  ASSERT_NE(at, std::string::npos) << restored.out;
  const fs::path aside = restored.out.substr(at, restored.out.find('\n', at) - at);
  EXPECT_TRUE(fs::exists(aside / "ostler.db"));
  EXPECT_TRUE(fs::exists(aside / "agent-token"));
}

TEST_F(Upkeep, FilesOfABackupAndOfARestoredHubAreTheirOwnersAlone) {
  ASSERT_EQ(back_up().code, 0);
  const fs::path data = directory_ / "elsewhere";
  ASSERT_EQ(hub({"restore", backup_, "--data-path", data}).code, 0);
  for (const fs::path& root : {fs::path(backup_), data}) {
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      struct stat found{};
      ASSERT_EQ(::stat(entry.path().c_str(), &found), 0);
      EXPECT_EQ(found.st_mode & 077, 0u) << entry.path();
    }
  }
}

TEST_F(Upkeep, KeysAreNamedAndLeftOutUnlessAskedFor) {
  ASSERT_TRUE(files::write_file_atomically(hub_.data() / "secrets-key", "k"));
  const auto made = back_up();
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr("not in it: secrets-key"));
  EXPECT_FALSE(fs::exists(fs::path(backup_) / "secrets-key"));
  const auto restored = hub({"restore", backup_, "--data-path", directory_ / "elsewhere"});
  EXPECT_THAT(restored.out, HasSubstr("they are not in the backup: secrets-key"));

  backup_ = directory_ / "with keys";
  ASSERT_EQ(back_up({"--with-keys"}).code, 0);
  hub_.kill();
  ASSERT_EQ(restore({"--replace"}).code, 0);
  EXPECT_EQ(files::read_file(hub_.data() / "secrets-key").value(), "k");
}

TEST_F(Upkeep, ABackupReplacesNothing) {
  ASSERT_TRUE(files::write_file_atomically(directory_ / "file", ""));
  backup_ = directory_ / "file";
  EXPECT_EQ(back_up().code, 2);
  backup_ = directory_.path();
  const auto refused = back_up();
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("not an empty directory"));
}

TEST_F(Upkeep, ABackupLeavesTheDirectoryOfAnotherOneAlone) {
  ASSERT_TRUE(files::ensure_private_directory(backup_));
  const auto other = files::FileLock::try_acquire(fs::path(backup_) / "backup.lock");
  ASSERT_TRUE(other);
  const auto refused = back_up();
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("another backup is being written to " + backup_));
  EXPECT_TRUE(fs::exists(fs::path(backup_) / "backup.lock"));
}

TEST_F(Upkeep, OfBackupsIntoOneDirectoryAtOnceOneIsMade) {
  std::vector<std::future<ProgramResult>> backups;
  for (int count = 0; count < 4; ++count) {
    backups.push_back(std::async(std::launch::async, [this] { return back_up(); }));
  }
  int made = 0;
  for (auto& backup : backups) {
    const auto done = backup.get();
    made += done.code == 0 ? 1 : 0;
    if (done.code != 0) EXPECT_THAT(done.err, HasSubstr(backup_));
  }
  EXPECT_EQ(made, 1);
  EXPECT_EQ(check(backup_)["ok"], true);
  EXPECT_FALSE(fs::exists(fs::path(backup_) / "backup.lock"));
}

TEST_F(Upkeep, AFailedBackupLeavesNothing) {
  const auto lock = files::FileLock::try_acquire(hub_.data() / "blobs.lock");
  ASSERT_TRUE(lock);
  const auto refused = back_up();
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("under way"));
  EXPECT_FALSE(fs::exists(backup_));
}

TEST_F(Upkeep, ABackupOfWhatIsNoHubIsRefused) {
  EXPECT_EQ(hub({"backup", backup_, "--data-path", directory_ / "nothing"}).code, 1);
  EXPECT_FALSE(fs::exists(directory_ / "nothing")) << "looking makes nothing";
  ASSERT_TRUE(files::ensure_private_directory(directory_ / "odd"));
  ASSERT_TRUE(files::write_file_atomically(directory_ / "odd/ostler.db", std::string(5000, 'x')));
  EXPECT_EQ(hub({"backup", backup_, "--data-path", directory_ / "odd"}).code, 1);
  EXPECT_FALSE(fs::exists(backup_));
}

TEST_F(Upkeep, ABackupSaysWhatTheHubHasLost) {
  fs::remove(only_file(hub_.data() / "blobs/artifacts"));
  const auto made = back_up();
  EXPECT_EQ(made.code, 1);
  EXPECT_THAT(made.out, HasSubstr("artifact " + artifact_ + " is missing"));
  EXPECT_EQ(check(backup_)["logs"], 1) << "all the rest is in it";
}

TEST_F(Upkeep, ARestoreIsRefusedWhileTheHubRuns) {
  ASSERT_EQ(back_up().code, 0);
  const auto refused = restore({"--replace"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("a hub that is running"));
  EXPECT_EQ(agent_.state(job_), "running");
}

TEST_F(Upkeep, ARestoreOfADamagedBackupLeavesNothing) {
  ASSERT_EQ(back_up().code, 0);
  const fs::path data = directory_ / "elsewhere";
  fs::remove(only_file(fs::path(backup_) / "blobs/logs"));
  const auto refused = hub({"restore", backup_, "--data-path", data});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("log of job " + job_ + " is missing"));
  EXPECT_FALSE(fs::exists(data / "ostler.db"));
  EXPECT_FALSE(fs::exists(data / "blobs"));
  EXPECT_EQ(hub({"restore", backup_, "--data-path", data, "--accept-missing"}).code, 0);

  std::fstream database(fs::path(backup_) / "ostler.db", std::ios::in | std::ios::out);
  database.seekp(3 * 4096) << std::string(4096, '\xff');
  database.close();
  const auto damaged = hub({"restore", backup_, "--data-path", directory_ / "third"});
  EXPECT_EQ(damaged.code, 1);
  EXPECT_THAT(damaged.err, HasSubstr("damaged"));
  EXPECT_EQ(check(backup_)["ok"], false);
}

TEST_F(Upkeep, ARestoreThatFailsPutsBackWhatWasThere) {
  ASSERT_EQ(back_up().code, 0);
  hub_.kill();
  fs::remove(fs::path(backup_) / "agent-token");  // which is missed after all has been moved
  EXPECT_EQ(restore({"--replace"}).code, 1);
  for (const auto& entry : fs::directory_iterator(hub_.data())) {
    EXPECT_THAT(entry.path().filename().string(), testing::Not(testing::StartsWith("replaced")));
  }
  hub_.start_again();
  EXPECT_EQ(agent_.state(job_), "running");
}

TEST_F(Upkeep, AHubDoesNotStartOnWhatIsHalfRestored) {
  ASSERT_EQ(back_up().code, 0);
  hub_.kill();
  const fs::path mark = hub_.data() / "ostler.db.half-restored";
  ASSERT_TRUE(files::write_file_atomically(mark, ""));
  const auto refused = hub({"--listen", "127.0.0.1:0", "--data-path", hub_.data()});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("half restored"));
  EXPECT_EQ(restore().code, 2);
  EXPECT_TRUE(fs::exists(hub_.data() / "ostler.db")) << "a refusal touches nothing";
  EXPECT_EQ(restore({"--replace"}).code, 0);
  EXPECT_FALSE(fs::exists(mark));
  hub_.start_again();
}

TEST_F(Upkeep, ARestoreTakesNoBackupFromWithinTheDirectory) {
  backup_ = hub_.data() / "backup";
  ASSERT_EQ(back_up().code, 0);
  hub_.kill();
  const auto refused = restore({"--replace"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("is inside"));
}

TEST_F(Upkeep, ARestoreWantsAWholeBackup) {
  ASSERT_EQ(back_up().code, 0);
  fs::remove(fs::path(backup_) / "backup.json");
  const auto refused = hub({"restore", backup_, "--data-path", directory_ / "elsewhere"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("no whole backup"));
  ASSERT_TRUE(files::write_file_atomically(fs::path(backup_) / "backup.json", "{"));
  EXPECT_EQ(hub({"restore", backup_, "--data-path", directory_ / "elsewhere"}).code, 1);
}

TEST_F(Upkeep, ACheckOfARunningHubFindsWhatIsMissing) {
  const auto fine = hub({"check", hub_.data()});
  EXPECT_EQ(fine.code, 0) << fine.err;
  EXPECT_THAT(fine.out, HasSubstr("1 logs, 1 artifacts"));
  EXPECT_THAT(fine.out, HasSubstr("no faults"));
  fs::resize_file(only_file(hub_.data() / "blobs/artifacts"), 3);
  fs::remove(only_file(hub_.data() / "blobs/logs"));
  const auto bad = hub({"check", hub_.data(), "--json"});
  EXPECT_EQ(bad.code, 1);
  const auto found = json::parse(bad.out);
  EXPECT_EQ(found["fault_count"], 2);
  EXPECT_THAT(found["faults"].dump(), HasSubstr("log of job " + job_ + " is missing"));
  EXPECT_THAT(found["faults"].dump(), HasSubstr("has 3 bytes instead of 7"));
}

TEST_F(Upkeep, ACheckOfNoHubIsAnError) {
  const auto refused = hub({"check", directory_ / "nothing"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("there is no database"));
}

}  // namespace
}  // namespace ostler
