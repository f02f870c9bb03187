// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <sstream>

#include "base/unique_fd.hpp"
#include "chunk_text.hpp"
#include "support/store_house.hpp"
#include "support/temp_directory.hpp"

namespace ostler::store {
namespace {

using model::JobState;

constexpr int kPatience = 60'000;  // milliseconds, for each next line

/// store_writer, with its acknowledgements as they come.
class WriterProcess {
 public:
  explicit WriterProcess(const std::filesystem::path& directory) {
    int ends[2];
    OSTLER_ASSERT(::pipe2(ends, O_CLOEXEC) == 0);
    from_child_ = UniqueFd(ends[0]);
    const UniqueFd to_parent(ends[1]);
    const std::string program =
        std::string(std::getenv("OSTLER_BUILD_DIR")) + "/tests/store_writer";
    std::string path = directory.string();
    std::string name = program;
    char* arguments[] = {name.data(), path.data(), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    OSTLER_ASSERT(::posix_spawn(&pid_, program.c_str(), &actions, nullptr, arguments, environ) ==
                  0);
    posix_spawn_file_actions_destroy(&actions);
  }
  ~WriterProcess() { kill(); }

  /// Reads until `count` lines are here; false when the child ended before, or hangs.
  bool await_lines(std::size_t count) {
    while (lines_.size() < count) {
      if (!read_more()) return false;
    }
    return true;
  }

  /// Kills it and reads what it had acknowledged by then.
  const std::vector<std::string>& kill() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      while (read_more()) {
      }
      ::waitpid(pid_, nullptr, 0);
      pid_ = -1;
    }
    return lines_;
  }

 private:
  bool read_more() {
    pollfd readable{.fd = from_child_.get(), .events = POLLIN, .revents = 0};
    if (::poll(&readable, 1, kPatience) != 1) return false;
    char bytes[65536];
    const auto count = ::read(from_child_.get(), bytes, sizeof bytes);
    if (count <= 0) return false;
    unread_.append(bytes, static_cast<std::size_t>(count));
    for (auto end = unread_.find('\n'); end != std::string::npos; end = unread_.find('\n')) {
      lines_.push_back(unread_.substr(0, end));
      unread_.erase(0, end + 1);
    }
    return true;
  }

  pid_t pid_ = -1;
  UniqueFd from_child_;
  std::string unread_;
  std::vector<std::string> lines_;
};

/// What was acknowledged of one job.
struct Acknowledged {
  bool accepted = false;
  bool started = false;
  bool finished = false;
  int chunks = 0;
};

void expect_kept(support::StoreHouse& house, const std::string& id, const Acknowledged& job) {
  const JobId job_id = JobId::parse(id).value();
  const auto kept = house.call(house.store().job(job_id));
  ASSERT_TRUE(kept) << id;
  if (job.accepted) EXPECT_TRUE(kept.value().agent) << id;
  if (job.started) EXPECT_TRUE(kept.value().started_at) << id;
  if (job.finished) EXPECT_EQ(kept.value().state, JobState::Finished) << id;
  std::string expected;
  for (int sequence = 1; sequence <= job.chunks; ++sequence) expected += chunk_text(id, sequence);
  EXPECT_EQ(house.log_of(job_id).substr(0, expected.size()), expected) << id;
}

void expect_all_kept(const std::filesystem::path& directory,
                     const std::vector<std::string>& lines) {
  support::StoreHouse house(directory);
  std::map<std::string, Acknowledged> jobs;
  for (const std::string& line : lines) {
    std::istringstream words(line);
    std::string what;
    std::string id;
    words >> what >> id;
    ASSERT_NE(what, "error") << line;
    if (what == "build") EXPECT_TRUE(house.call(house.store().build(BuildId::parse(id).value())));
    if (what == "accepted") jobs[id].accepted = true;
    if (what == "started") jobs[id].started = true;
    if (what == "chunk") ++jobs[id].chunks;
    if (what == "finished") jobs[id].finished = true;
  }
  for (const auto& [id, job] : jobs) expect_kept(house, id, job);
}

TEST(StoreCrash, LosesNothingThatWasAcknowledged) {
  for (const std::size_t count : {1u, 2u, 3u, 5u, 8u, 13u, 21u, 34u, 55u, 89u, 144u, 233u}) {
    const support::TempDirectory directory;
    WriterProcess writer(directory.path());
    ASSERT_TRUE(writer.await_lines(count));
    expect_all_kept(directory.path(), writer.kill());
  }
}

TEST(StoreCrash, CutsWhatLiesBehindTheIndexOfALog) {
  const support::TempDirectory directory;
  JobId job;
  support::Worker agent;
  {
    support::StoreHouse house(directory.path());
    agent = house.connect_agent();
    job = house.create_build("steps: [{command: a}]").follow_ups.runnable.front();
    house.accept(agent, job);
    house.start(agent, job);
    house.get(house.store().append_chunk(house.chunk(agent, job, 1, 0, "one\n")));
    const auto size = house.blobs().open(BlobName::of(job)).value().size;
    ASSERT_TRUE(house.blobs().write_at(BlobName::of(job), size, "never indexed"));
  }
  support::StoreHouse house(directory.path());
  const auto chunk = house.chunk(agent, job, 2, 4, "two\n");
  const auto before = house.blobs().open(BlobName::of(job)).value().size;
  house.get(house.store().append_chunk(chunk));
  EXPECT_EQ(house.log_of(job), "one\ntwo\n");
  EXPECT_EQ(house.blobs().open(BlobName::of(job)).value().size,
            before + static_cast<std::int64_t>(chunk.gzip.size()));
  EXPECT_EQ(before, static_cast<std::int64_t>(support::gzip("one\n").size()));
}

}  // namespace
}  // namespace ostler::store
