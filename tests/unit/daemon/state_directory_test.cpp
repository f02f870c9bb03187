// SPDX-License-Identifier: Apache-2.0
#include "daemon/state_directory.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/file.hpp"
#include "support/temp_directory.hpp"

namespace ostler::daemon {
namespace {

SessionRecord session(const std::string& key) {
  SessionRecord record;
  record.key = key;
  return record;
}

JobRecord job_record(const std::string& job, const std::string& build) {
  JobRecord record;
  record.job = job;
  record.build = build;
  return record;
}

class StateDirectoryTest : public testing::Test {
 protected:
  Result<StateDirectory> open() { return StateDirectory::open(path_, clock_); }

  const support::TempDirectory home_;
  const std::filesystem::path path_ = home_ / "state";
  const SystemClock clock_;
};

TEST_F(StateDirectoryTest, IsPrivateWithPrivateFiles) {
  const auto state = open();
  ASSERT_TRUE(state);
  ASSERT_TRUE(state.value().save(session("k")));
  struct stat found{};
  ASSERT_EQ(::stat(path_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0700u);
  for (const auto* file : {"lock", "sessions/k.json"}) {
    ASSERT_EQ(::stat((path_ / file).c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777, 0600u) << file;
  }
}

TEST_F(StateDirectoryTest, RaisesItsEpochEachTime) {
  EXPECT_EQ(open().value().epoch(), 1u);
  EXPECT_EQ(open().value().epoch(), 2u);
}

TEST_F(StateDirectoryTest, HasOneHolderAtATime) {
  const auto first = open();
  const auto second = open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), Errc::Conflict);
  EXPECT_NE(second.error().message().find(std::to_string(::getpid())), std::string::npos)
      << second.error().message();
}

TEST_F(StateDirectoryTest, IsTheSameInstanceEachTime) {
  const std::string first = open().value().instance();
  EXPECT_EQ(first.size(), 36u);
  EXPECT_EQ(open().value().instance(), first);
  std::filesystem::rename(path_, home_ / "moved");
  EXPECT_EQ(StateDirectory::open(home_ / "moved", clock_).value().instance(), first);
  EXPECT_NE(open().value().instance(), first) << "another directory in its place";
}

TEST_F(StateDirectoryTest, GetsAnInstanceWhereItHasSessionsButNone) {
  {
    ASSERT_TRUE(open().value().save(session("k")));
  }
  std::filesystem::remove(path_ / "instance");
  EXPECT_EQ(open().value().instance().size(), 36u);
}

TEST_F(StateDirectoryTest, RefusesACopyWithSessionsOfTheOriginal) {
  const auto copy = home_ / "copy";
  std::string original;
  {
    const auto state = open();
    ASSERT_TRUE(state.value().save(session("k")));
    original = state.value().instance();
  }
  std::filesystem::copy(path_, copy, std::filesystem::copy_options::recursive);
  for (const auto* name : {"", "sessions", "jobs", "run"}) ::chmod((copy / name).c_str(), 0700);
  const auto refused = StateDirectory::open(copy, clock_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::Conflict);
  EXPECT_NE(refused.error().message().find("is a copy"), std::string::npos);
  std::filesystem::remove(copy / "sessions/k.json");
  const auto empty = StateDirectory::open(copy, clock_);
  ASSERT_TRUE(empty) << empty.error().message();
  EXPECT_NE(empty.value().instance(), original);
  EXPECT_EQ(open().value().instance(), original);
}

TEST_F(StateDirectoryTest, RefusesAnInstanceThatCannotBeRead) {
  {
    ASSERT_TRUE(open());
  }
  ASSERT_TRUE(files::write_file_atomically(path_ / "instance", "{}"));
  EXPECT_EQ(open().error().code(), Errc::Corrupt);
}

TEST_F(StateDirectoryTest, RefusesALockWithoutAnEpoch) {
  {
    ASSERT_TRUE(open());
  }
  ASSERT_TRUE(files::write_file_atomically(path_ / "lock", "{\"format\":{\"major\":1}}"));
  EXPECT_EQ(open().error().code(), Errc::Corrupt);
}

TEST_F(StateDirectoryTest, RemembersSessionsAndJobs) {
  {
    const auto state = open();
    ASSERT_TRUE(state.value().save(session("k")));
    ASSERT_TRUE(state.value().assign("k", "j"));
    ASSERT_TRUE(files::ensure_private_directory(state.value().job_directory("j")));
    ASSERT_TRUE(state.value().save(job_record("j", "b")));
  }
  const auto state = open();
  const auto sessions = state.value().sessions();
  ASSERT_TRUE(sessions);
  ASSERT_EQ(sessions.value().size(), 1u);
  EXPECT_EQ(sessions.value()[0].job, "j");
  EXPECT_EQ(state.value().jobs().value(), std::vector<std::string>{"j"});
  EXPECT_EQ(state.value().job("j").value().build, "b");
  ASSERT_TRUE(state.value().remove_job("j"));
  ASSERT_TRUE(state.value().remove_session("k"));
  EXPECT_TRUE(state.value().jobs().value().empty());
  EXPECT_TRUE(state.value().sessions().value().empty());
  EXPECT_EQ(state.value().job("j").error().code(), Errc::NotFound);
}

TEST_F(StateDirectoryTest, KnowsWhichJobASessionHas) {
  const auto state = open();
  const auto job = [&state] { return state.value().sessions().value().at(0).job; };
  ASSERT_TRUE(state.value().save(session("k")));
  EXPECT_EQ(job(), "");
  ASSERT_TRUE(state.value().assign("k", "first"));
  EXPECT_EQ(job(), "first");
  ASSERT_TRUE(state.value().assign("k", "second"));
  ASSERT_TRUE(state.value().save(session("k")));
  EXPECT_EQ(job(), "second");
  ASSERT_TRUE(state.value().assign("k", ""));
  EXPECT_EQ(job(), "");
  ASSERT_TRUE(state.value().assign("k", "third"));
  ASSERT_TRUE(state.value().remove_session("k"));
  EXPECT_TRUE(std::filesystem::is_empty(path_ / "sessions"));
}

TEST_F(StateDirectoryTest, NamesTheLinkThatIsNone) {
  const auto state = open();
  ASSERT_TRUE(state.value().save(session("k")));
  ASSERT_TRUE(files::write_file_atomically(path_ / "sessions/k.job", "j"));
  const auto sessions = state.value().sessions();
  ASSERT_FALSE(sessions) << "a job must not be forgotten";
  EXPECT_NE(sessions.error().message().find("sessions/k.job"), std::string::npos);
}

TEST_F(StateDirectoryTest, NamesTheSessionFileThatIsDamaged) {
  const auto state = open();
  ASSERT_TRUE(files::write_file_atomically(path_ / "sessions/x.json", "{"));
  const auto sessions = state.value().sessions();
  ASSERT_FALSE(sessions);
  EXPECT_NE(sessions.error().message().find("x.json"), std::string::npos);
}

TEST(IsUsableJobId, TakesNoPathApart) {
  EXPECT_TRUE(is_usable_job_id("0198b000-0000-4000-8000-00000000000a"));
  EXPECT_TRUE(is_usable_job_id("job_7"));
  for (const auto* id : {"", ".", "..", "a/b", "a.b", "a b"}) EXPECT_FALSE(is_usable_job_id(id));
  EXPECT_FALSE(is_usable_job_id(std::string(65, 'a')));
}

TEST_F(StateDirectoryTest, RemembersThatItsAgentIsPaused) {
  {
    const auto state = open();
    EXPECT_FALSE(state.value().is_paused());
    ASSERT_TRUE(state.value().set_paused(true));
    ASSERT_TRUE(state.value().set_paused(true));
  }
  const auto state = open();
  EXPECT_TRUE(state.value().is_paused());
  ASSERT_TRUE(state.value().set_paused(false));
  EXPECT_FALSE(state.value().is_paused());
}

TEST_F(StateDirectoryTest, NamesTheSocketOfALivingAgentOnly) {
  const auto state = open();
  EXPECT_EQ(StateDirectory::control_socket(path_).error().code(), Errc::NotFound);
  ASSERT_TRUE(state.value().name_control_socket("/run/a"));
  ASSERT_TRUE(state.value().name_control_socket("/run/b")) << "in place of a dead one's";
  EXPECT_EQ(StateDirectory::control_socket(path_).value(), "/run/b");
  state.value().forget_control_socket();
  EXPECT_FALSE(StateDirectory::control_socket(path_));
}

}  // namespace
}  // namespace ostler::daemon
