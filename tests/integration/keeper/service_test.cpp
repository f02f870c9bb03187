// SPDX-License-Identifier: Apache-2.0
// Services that outlive their jobs: a real keeper and real processes.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "files/file.hpp"
#include "integration/keeper/kept_service.hpp"
#include "process/stray.hpp"
#include "supervise/channel.hpp"
#include "supervise/job_lock.hpp"
#include "supervise/service_address.hpp"

namespace ostler::keeper {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using supervise::ServiceHealth;
using supervise::ServicePhase;
using supervise::ServiceRestart;
using testing::HasSubstr;
using testing::Not;

UniqueFd loopback_listener() {
  UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in any{};
  any.sin_family = AF_INET;
  any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&any), sizeof any);
  ::listen(socket.get(), 8);
  return socket;
}

TEST_F(ServiceKeeper, GivesWhatIsGivenAndNothingElse) {
  ::setenv("OF_THE_AGENT", "secret", 1);
  ASSERT_TRUE(start("env; pwd; ls /proc/self/fd; echo all; exec sleep 60"));
  ASSERT_TRUE(prints("\nall"));
  EXPECT_THAT(log(), HasSubstr("GIVEN=yes"));
  EXPECT_THAT(log(), HasSubstr("OSTLER_SERVICE_ID=web.00000001"));
  EXPECT_THAT(log(), HasSubstr("\n" + spec_.directory + "\n"));
  EXPECT_THAT(log(), Not(HasSubstr("OF_THE_AGENT")));
  EXPECT_THAT(log(), HasSubstr("\n0\n1\n2\n3\nall")) << "3 is that of ls";
  EXPECT_THAT(files::read_file(root() / spec_.id / "spec").value(), Not(HasSubstr("GIVEN")));
  EXPECT_TRUE(is_kept());
  EXPECT_EQ(service().state.phase, ServicePhase::Running);
}

TEST_F(ServiceKeeper, GivesEachOfItsOwnVariablesOnce) {
  spec_.environment.insert(spec_.environment.end(),
                           {"LISTEN_PID=9", "LISTEN_FDS=9", "LISTEN_FDNAMES=x",
                            "OSTLER_SERVICE_ID=other", "OSTLER_SERVICE_ADDRESS=other"});
  ASSERT_TRUE(start("tr '\\0' '\\n' < /proc/$$/environ; echo all; exec sleep 60"));
  ASSERT_TRUE(prints("\nall"));
  EXPECT_THAT(log(), HasSubstr("GIVEN=yes"));
  EXPECT_THAT(log(), HasSubstr("OSTLER_SERVICE_ID=web.00000001"));
  EXPECT_THAT(log(), Not(HasSubstr("LISTEN_")));
  EXPECT_THAT(log(), Not(HasSubstr("=other")));
}

TEST_F(ServiceKeeper, HearsOthersThanThoseWhoStay) {
  ASSERT_TRUE(start("exec sleep 60"));
  std::vector<UniqueFd> quiet;
  for (int i = 0; i < 8; ++i) {
    quiet.push_back(supervise::connect_to(spec_.socket).value());
    ASSERT_TRUE(files::write_all(quiet.back().get(), "nonsense\n"));
    ASSERT_TRUE(support::wait_until(
        kLimit, [&] { return supervise::receive_handed(quiet.back().get()).has_value(); }));
  }
  EXPECT_TRUE(supervise::tell_service(spec_.socket, "stop", -1, 5s));
}

TEST_F(ServiceKeeper, SaysWhatCannotBeStarted) {
  const auto started = start("true");
  ASSERT_TRUE(started);
  spec_.id = "web.00000002";
  spec_.arguments = {"/no/such/program"};
  const auto none = supervise::start_service({keeper_program(), root(), {}}, spec_);
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message(), HasSubstr("/no/such/program"));
  EXPECT_FALSE(fs::exists(root() / spec_.id));
  spec_.id = "web.00000001";
}

TEST_F(ServiceKeeper, RestartsWhatFailsAndLeavesWhatIsDone) {
  ASSERT_TRUE(start("test -e once && exit 0; touch once; sleep 600 & echo left $!; exit 3"));
  ASSERT_TRUE(comes_to(ServicePhase::Ended)) << log();
  EXPECT_EQ(service().state.restarts, 1u);
  EXPECT_THAT(log(), HasSubstr("its process ended with exit status 3"));
  const std::string text = log();
  const pid_t left = std::stoi(text.substr(text.find("left ") + 5));
  EXPECT_NE(::kill(left, 0), 0) << "what a process leaves ends with it";
  EXPECT_TRUE(support::wait_until(kLimit, [&] { return !is_kept(); }));
}

TEST_F(ServiceKeeper, LeavesAloneWhatShallNotBeRestarted) {
  spec_.restart = ServiceRestart::Never;
  ASSERT_TRUE(start("exit 3"));
  ASSERT_TRUE(comes_to(ServicePhase::Ended));
  EXPECT_EQ(service().state.restarts, 0u);
}

TEST_F(ServiceKeeper, HandsAListenerToEachProcess) {
  spec_.takes_listener = true;
  spec_.probe = supervise::ServiceProbe::Http;
  spec_.probe_path = "/health";
  spec_.probe_interval = 50ms;
  spec_.restart = ServiceRestart::Always;
  ASSERT_TRUE(start(R"(
    test "$LISTEN_PID" = $$ && echo "mine: $LISTEN_FDS at $OSTLER_SERVICE_ADDRESS"
    exec python3 -c '
import socket
server = socket.socket(fileno=3)
while True:
    peer = server.accept()[0]
    asked = (peer.recv(4096).split() + [b"", b"/"])[1]
    peer.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + asked)
    peer.close()
    if asked == b"/crash": break
')"));
  EXPECT_EQ(service().state.phase, ServicePhase::Waiting);
  const UniqueFd listener = loopback_listener();
  const std::string address = supervise::service_address_of(listener.get());
  const auto wrong = supervise::tell_service(spec_.socket, "listen", 0, kLimit);
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message(), HasSubstr("no listening TCP socket"));
  const auto early = supervise::tell_service(spec_.socket, "promote", -1, kLimit);
  ASSERT_FALSE(early);
  EXPECT_THAT(early.error().message(), HasSubstr("waits for its listener"));
  ASSERT_TRUE(supervise::tell_service(spec_.socket, "listen", listener.get(), kLimit));
  EXPECT_TRUE(prints("mine: 1 at " + address));
  EXPECT_TRUE(support::wait_until(
      kLimit, [&] { return service().state.health == ServiceHealth::Healthy; }));
  EXPECT_EQ(service().state.address, address);

  const pid_t first = service().state.pid;
  ::kill(first, SIGKILL);
  EXPECT_TRUE(support::wait_until(kLimit, [&] {
    const auto state = service().state;
    return state.restarts == 1 && state.health == ServiceHealth::Healthy && state.pid != first;
  }));
}

TEST_F(ServiceKeeper, SaysThatNobodyAnswers) {
  spec_.address = "unix:web.sock";
  spec_.probe = supervise::ServiceProbe::Tcp;
  spec_.probe_interval = 20ms;
  ASSERT_TRUE(start("exec sleep 60"));
  EXPECT_TRUE(support::wait_until(
      kLimit, [&] { return service().state.health == ServiceHealth::Unhealthy; }));
  EXPECT_EQ(service().state.phase, ServicePhase::Running);
}

TEST_F(ServiceKeeper, EndsAServiceWithItsTree) {
  ASSERT_TRUE(start("trap 'echo bye; exit 0' TERM; sleep 600 & echo left $!; wait"));
  ASSERT_TRUE(prints("left "));
  ASSERT_TRUE(supervise::tell_service(spec_.socket, "promote", -1, kLimit));
  EXPECT_TRUE(service().state.is_promoted);
  ASSERT_TRUE(supervise::stop_service(spec_.socket, kLimit));
  EXPECT_EQ(service().state.phase, ServicePhase::Stopped);
  EXPECT_THAT(log(), HasSubstr("bye"));
  const std::string text = log();
  EXPECT_NE(::kill(std::stoi(text.substr(text.find("left ") + 5)), 0), 0);
  EXPECT_FALSE(fs::exists(spec_.socket));
}

TEST_F(ServiceKeeper, SaysNothingOfAProcessThatItHadToKill) {
  spec_.probe = supervise::ServiceProbe::Tcp;
  spec_.probe_interval = 50ms;
  const UniqueFd listener = loopback_listener();
  spec_.address = supervise::service_address_of(listener.get());
  ASSERT_TRUE(start("trap '' TERM; echo deaf; sleep 600"));
  ASSERT_TRUE(prints("deaf"));
  ASSERT_TRUE(support::wait_until(
      kLimit, [&] { return service().state.health == ServiceHealth::Healthy; }));
  ASSERT_TRUE(supervise::stop_service(spec_.socket, kLimit + 10s));
  EXPECT_THAT(service().state.evidence, HasSubstr("it was killed"));
  EXPECT_EQ(service().state.pid, -1);
  EXPECT_EQ(service().state.health, ServiceHealth::Unknown);
}

TEST_F(ServiceKeeper, IsNotPromotedWhenThatCannotBeWritten) {
  ASSERT_TRUE(start("exec sleep 60"));
  const fs::path bar = bar_state();
  const auto refused = supervise::tell_service(spec_.socket, "promote", -1, kLimit);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message(), HasSubstr("it cannot be written down"));
  fs::remove(bar);
  EXPECT_FALSE(support::wait_until(2s, [&] { return service().state.is_promoted; }));
  ASSERT_TRUE(supervise::tell_service(spec_.socket, "promote", -1, kLimit));
  EXPECT_TRUE(service().state.is_promoted);
}

TEST_F(ServiceKeeper, WritesItsStateWhenThatIsPossibleAgain) {
  ASSERT_TRUE(start("echo begins; exec sleep 60"));
  ASSERT_TRUE(prints("begins"));
  const pid_t first = service().state.pid;
  const fs::path bar = bar_state();
  ::kill(first, SIGKILL);
  ASSERT_TRUE(support::wait_until(kLimit, [&] {
    const std::string text = log();
    return text.find("begins") != text.rfind("begins");
  }));
  EXPECT_EQ(service().state.pid, first);
  fs::remove(bar);
  EXPECT_TRUE(support::wait_until(kLimit, [&] { return service().state.restarts == 1; }));
  EXPECT_EQ(service().state.phase, ServicePhase::Running);
}

TEST_F(ServiceKeeper, SaysThatItsKeeperDied) {
  ASSERT_TRUE(start("setsid sleep 600 & echo left $!; wait"));
  ASSERT_TRUE(prints("left "));
  const pid_t keeper = supervise::read_job_lock(root() / spec_.id).value().keeper;
  ASSERT_GT(keeper, 0);
  ::kill(keeper, SIGKILL);
  ASSERT_TRUE(support::wait_until(kLimit, [&] { return !is_kept(); }));
  EXPECT_EQ(service().state.phase, ServicePhase::Lost);
  EXPECT_EQ(service().state.evidence, "its keeper died");
  ASSERT_TRUE(supervise::conclude_lost_service(root(), service()));
  EXPECT_THAT(process::kill_strays("OSTLER_SERVICE_ID=" + spec_.id, 0ms), testing::IsEmpty());
  EXPECT_FALSE(fs::exists(spec_.socket));
}

TEST_F(ServiceKeeper, BoundsItsLog) {
  ASSERT_TRUE(start("head -c 13000000 /dev/zero | tr '\\0' x; echo; echo done; exec sleep 60"));
  ASSERT_TRUE(prints("\ndone"));
  EXPECT_LE(fs::file_size(root() / spec_.id / "log"), 4u << 20);
  EXPECT_LE(fs::file_size(root() / spec_.id / "log.1"), 4u << 20);
  EXPECT_EQ(supervise::read_service_log(root(), spec_.id, 5), "done\n");
}

}  // namespace
}  // namespace ostler::keeper
