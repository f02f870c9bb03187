// SPDX-License-Identifier: Apache-2.0
// How services begin: nothing may run that nobody can find.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <fstream>

#include "files/file.hpp"
#include "integration/keeper/kept_service.hpp"
#include "process/pipe.hpp"
#include "process/spawn.hpp"
#include "process/stray.hpp"

namespace ostler::keeper {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using supervise::ServicePhase;
using testing::HasSubstr;

class ServiceBegin : public ServiceKeeper {
 protected:
  fs::path directory() const { return root() / spec_.id; }
  std::string variable() const { return "OSTLER_SERVICE_ID=" + spec_.id; }
  bool has_begun() const { return fs::exists(spec_.directory + "/begun"); }

  /// Runs a keeper without start_service. `outcome`: where it says what becomes of it.
  void run_keeper(const std::string& script, int outcome) {
    fs::create_directories(directory());
    spec_.arguments = {"sh", "-c", script};
    const UniqueFd input(::memfd_create("service", MFD_CLOEXEC));
    ASSERT_TRUE(files::write_all(input.get(), encode(spec_, supervise::WithEnvironment::Yes)));
    process::SpawnOptions options;
    options.executable = keeper_program();
    options.arguments = {"keeper_driver", "keeper", "--service", directory()};
    options.fds = {{input.get(), STDIN_FILENO}, {outcome, 3}};
    auto first = process::spawn(options);
    ASSERT_TRUE(first);
    ASSERT_TRUE(first.value().wait(kLimit));
  }
};

TEST_F(ServiceBegin, StartsNothingOfWhichNoStateCanBeWritten) {
  bar_state();
  auto outcome = process::make_pipe(process::Ours::Reads).value();
  run_keeper("touch begun; exec sleep 60", outcome.theirs.get());
  outcome.theirs.reset();
  std::array<char, 512> room{};
  ssize_t got = -1;
  support::wait_until(kLimit,
                      [&] { return (got = ::read(outcome.ours.get(), &room[0], 512)) >= 0; });
  ASSERT_GT(got, 0);
  EXPECT_THAT(std::string(room.data(), static_cast<std::size_t>(got)), HasSubstr("state"));
  EXPECT_TRUE(support::wait_until(kLimit, [&] { return !is_kept(); }));
  EXPECT_FALSE(has_begun());
  EXPECT_FALSE(fs::exists(spec_.socket));
}

TEST_F(ServiceBegin, IsNotProbedByConnectionsToAListener) {
  spec_.takes_listener = true;
  spec_.probe = supervise::ServiceProbe::Tcp;
  const auto refused = start("exec sleep 60");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message(), HasSubstr("cannot be probed by tcp"));
  EXPECT_FALSE(fs::exists(directory()));
}

TEST_F(ServiceBegin, IsFoundWhenItsKeeperDiesAtOnce) {
  fs::create_directories(directory());
  spec_.asked_at = {1'000'000};
  ASSERT_TRUE(files::write_file_atomically(directory() / "spec",
                                           encode(spec_, supervise::WithEnvironment::No)));
  process::SpawnOptions left;
  left.executable = "/bin/sleep";
  left.arguments = {"sleep", "600"};
  left.environment = {{variable()}};
  auto child = process::spawn(left).value();
  const auto all = supervise::list_services(root()).value();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_TRUE(all[0].is_newly_lost);
  EXPECT_EQ(all[0].state.phase, ServicePhase::Lost);
  EXPECT_EQ(all[0].state.evidence, "its keeper died");
  EXPECT_EQ(all[0].state.since, spec_.asked_at);
  ASSERT_TRUE(supervise::conclude_lost_service(root(), all[0]));
  EXPECT_TRUE(child.wait(kLimit));
  EXPECT_FALSE(service().is_newly_lost);
}

TEST_F(ServiceBegin, GoesOnWithoutWhoStartedIt) {
  auto outcome = process::make_pipe(process::Ours::Reads).value();
  outcome.ours.reset();
  run_keeper("touch begun; exec sleep 60", outcome.theirs.get());
  ASSERT_TRUE(support::wait_until(kLimit, [&] { return has_begun(); }));
  ASSERT_TRUE(comes_to(ServicePhase::Running));
  EXPECT_FALSE(support::wait_until(500ms, [&] { return !is_kept(); }));
  ASSERT_TRUE(supervise::stop_service(spec_.socket, kLimit));
  EXPECT_EQ(service().state.phase, ServicePhase::Stopped);
}

TEST_F(ServiceBegin, BeginsWhereAnAgentThatWasKilledLeftADirectory) {
  fs::create_directories(directory());
  const auto begun = start("exec sleep 60");
  ASSERT_TRUE(begun) << begun.error().message();
  EXPECT_EQ(service().state.phase, ServicePhase::Running);
  const auto again = supervise::start_service({keeper_program(), root(), {}}, spec_);
  ASSERT_FALSE(again) << "it has begun";
  EXPECT_EQ(again.error().code(), Errc::Conflict);
}

TEST_F(ServiceBegin, LeavesNothingWhenItIsGivenUp) {
  // Its "ok" never comes, and the pipe stays open.
  const fs::path program = directory_ / "mute";
  std::ofstream(program) << "#!/bin/sh\n"
                         << keeper_program().string()
                         << " \"$@\" 3>/dev/null\nexec /bin/sleep 600\n";
  fs::permissions(program, fs::perms::owner_all);
  spec_.arguments = {"sh", "-c", "setsid sleep 600 & touch begun; wait"};
  const auto given_up = supervise::start_service({program, root(), {}, 10s}, spec_);
  ASSERT_FALSE(given_up);
  EXPECT_TRUE(has_begun()) << "else this shows nothing";
  EXPECT_THAT(process::kill_strays(variable(), 0ms), testing::IsEmpty());
  EXPECT_FALSE(fs::exists(directory()));
  EXPECT_FALSE(fs::exists(spec_.socket));
}

}  // namespace
}  // namespace ostler::keeper
