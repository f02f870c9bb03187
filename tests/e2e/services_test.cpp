// SPDX-License-Identifier: Apache-2.0
// Services that outlive their jobs: a real hub, agents that die, and the plugin of the examples.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "e2e/plugin_author.hpp"
#include "e2e/python_plugin.hpp"
#include "process/stray.hpp"
#include "supervise/job_lock.hpp"
#include "supervise/service_control.hpp"
#include "supervise/service_directory.hpp"
#include "support/agent_process.hpp"
#include "support/child_program.hpp"
#include "support/http_call.hpp"
#include "support/hub_process.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

fs::path of_variable(const char* name) { return std::getenv(name); }

/// Answers with its version, and with its environment below /env. Unwell, it answers with 500.
constexpr const char* kServer = R"py(
import os, socket, sys
print("version", sys.argv[1], flush=True)
server = socket.socket(fileno=3)
while True:
    peer = server.accept()[0]
    path = (peer.recv(4096).split() + [b"", b"/"])[1]
    status = "500 No" if sys.argv[1] == "bad" else "200 OK"
    body = "\n".join(f"{k}={v}" for k, v in os.environ.items()) if path == b"/env" else sys.argv[1]
    peer.sendall(f"HTTP/1.0 {status}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
    peer.close()
)py";

class Services : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    author = new support::Author;
    built = author->build(of_variable("OSTLER_SOURCE_DIR") / "examples/plugins/launch", "launch");
  }
  static void TearDownTestSuite() {
    delete author;
    author = nullptr;
  }

  Services() {
    if (!fs::exists("/usr/bin/python3")) return;
    install("launch", built);
    std::ofstream(directory_ / "server.py") << kServer;
  }
  ~Services() override {
    const auto all = supervise::list_services(root());
    for (const auto& one : all.value()) {
      if (one.is_kept) (void)supervise::stop_service(one.spec.socket, 20s);
    }
  }

  fs::path root() const { return directory_ / "state/services"; }
  void install(const std::string& id, const fs::path& from) const {
    fs::create_directories(directory_ / "state/plugins" / id);
    fs::permissions(directory_ / "state", fs::perms::owner_all);
    fs::copy(from, directory_ / "state/plugins" / id / "1.0.0", fs::copy_options::recursive);
  }
  /// A plugin in Python whose result is that of `act(step)`.
  void install_snake(const std::string& definitions) const {
    support::install_plugin(
        directory_ / "state",
        {.id = "snake",
         .source = definitions + "\nrun('snake', '1.0.0', act)\n",
         .permissions = R"({"services": ["listener", "service"], "commands": "host"})",
         .configuration = R"({"type": "object"})"});
  }

  json build(const std::string& pipeline, const std::string& plugins) {
    const std::string yaml = "env: {BUILDKITE_SKIP_CHECKOUT: \"true\"}\nsteps:\n  - plugins: [" +
                             plugins + "]\n    command: \"true\"\n";
    if (slugs_.insert(pipeline).second) {
      hub_.make_pipeline(pipeline, yaml);
    } else {
      hub_.rest("PATCH", "/organizations/ostler/pipelines/" + pipeline, {{"configuration", yaml}});
    }
    last_ = hub_.make_build(pipeline);
    return hub_.finished_build(pipeline, last_, 60s).value();
  }
  json launch(const std::string& version, int within = 20) {
    return build("app", R"({"ostler://launch#1": {name: web, health: /health, within_s: )" +
                            std::to_string(within) + ", command: [python3, " +
                            (directory_ / "server.py").string() + ", " + version + "]}}");
  }
  std::string log(const std::string& pipeline = "app") const {
    return support::plain_log(hub_.log(pipeline, last_, 0));
  }
  support::ProgramResult ostler(std::vector<std::string> words) const {
    words.insert(words.begin(), support::ostler_program());
    return support::run_program(words, machine());
  }
  support::ProgramOptions machine() const {
    return {{{"OSTLER_AGENT_STATE_PATH", directory_ / "state"}}, directory_.path()};
  }
  json listed(bool all = false) const {
    std::vector<std::string> words = {"service", "list", "--json"};
    if (all) words.emplace_back("--all");
    return json::parse(ostler(words).out);
  }
  static support::HttpAnswer answer_of(const std::string& address, const std::string& path = "/") {
    support::HttpCall call;
    call.url = "http://" + address + path;
    return support::http_call(call);
  }
  static std::string asked(const std::string& address, const std::string& path = "/") {
    return answer_of(address, path).body;
  }

  static inline support::Author* author = nullptr;  ///< of the example plugin, built once
  static inline std::string built;
  const support::TempDirectory directory_;
  support::HubProcess hub_{directory_.path()};
  support::AgentProcess agent_{hub_, directory_.path(), {"--plugin-services", "launch,snake"}};
  std::set<std::string> slugs_;
  int last_ = 0;
};

TEST_F(Services, GoOnWhenJobAndAgentAreGone) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  const json first = launch("one");
  ASSERT_EQ(first["state"], "passed") << log();
  const json service = listed().at(0);
  const std::string address = service["address"];
  EXPECT_EQ(service["promoted"], true);
  EXPECT_EQ(service["pipeline"], "ostler/app");
  EXPECT_THAT(log(), HasSubstr("may start services that outlive the job"));
  EXPECT_EQ(asked(address), "one");
  const std::string environment = asked(address, "/env");
  EXPECT_THAT(environment, HasSubstr("OSTLER_SERVICE_NAME=web"));
  EXPECT_THAT(environment, HasSubstr("LISTEN_FDS=1"));
  EXPECT_THAT(environment, Not(HasSubstr("BUILDKITE")));

  agent_.kill();
  EXPECT_EQ(asked(address), "one");
  EXPECT_EQ(listed().at(0)["health"], "healthy") << "without any agent";
  EXPECT_THAT(ostler({"service", "log", "web"}).out, HasSubstr("version one"));
  agent_.start_again();

  ASSERT_EQ(launch("two")["state"], "passed") << log();
  EXPECT_TRUE(support::wait_until(20s, [&] { return listed().size() == 1; }))
      << "the one before is stopped";
  const std::string second = listed().at(0)["address"];
  EXPECT_EQ(asked(second), "two");
  EXPECT_NE(second, address);

  EXPECT_EQ(launch("bad", 5)["state"], "failed");
  EXPECT_THAT(log(), HasSubstr("version bad"));
  EXPECT_THAT(log(), HasSubstr("it did not become healthy"));
  EXPECT_EQ(asked(second), "two");

  EXPECT_TRUE(support::wait_until(20s, [&] { return listed().size() == 1; }));
  const auto stopped = ostler({"service", "stop", "ostler/app/web", "--json"});
  EXPECT_EQ(stopped.code, 0) << stopped.err;
  EXPECT_EQ(nlohmann::json::parse(stopped.out)["name"], "web");
  EXPECT_EQ(listed().size(), 0u);
  EXPECT_GE(listed(true).size(), 1u);
  EXPECT_EQ(answer_of(second).status, 0);
  EXPECT_EQ(ostler({"service", "stop", "web"}).code, 1) << "it has ended";
}

TEST_F(Services, AreFollowedUntilTheyEnd) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  ASSERT_EQ(launch("one")["state"], "passed") << log();
  support::ChildProgram follows({support::ostler_program(), "service", "log", "web", "--follow"},
                                directory_.path(), machine());
  EXPECT_EQ(ostler({"service", "stop", "web"}).code, 0);
  EXPECT_EQ(follows.wait(20s), 0) << "it has ended";
  EXPECT_THAT(follows.out(), HasSubstr("version one"));
  EXPECT_THAT(follows.out(), HasSubstr("stopped: somebody stopped it"));

  const std::string much(3u << 20, 'x');
  std::ofstream(root() / listed(true).at(0)["id"] / "log", std::ios::app) << much << "\nend\n";
  EXPECT_THAT(ostler({"service", "log", "web", "--follow"}).out, testing::EndsWith("x\nend\n"));
}

/// What a person does on a machine of their own.
constexpr const char* kOwnMachine = R"sh(
trap 'ostler service stop web >/dev/null || true; ostler down --cancel >/dev/null || true' EXIT
mkdir -m 700 -p "$XDG_STATE_HOME/ostler"
ostler plugin install "$PLUGIN" >/dev/null
ostler up --plugin-services launch --detach --listen 127.0.0.1:0 >/dev/null
cat >pipeline.yml <<END
env: {BUILDKITE_SKIP_CHECKOUT: "true"}
steps:
  - plugins: [{"ostler://launch#1": {name: web, command: [python3, $SERVER, one]}}]
END
ostler pipeline create app --repository /none --file pipeline.yml >/dev/null
ostler build create --pipeline app --branch main --commit HEAD --watch
echo "down says: $(ostler down)"
echo "up says: $(ostler up --detach --listen 127.0.0.1:0 | tail -1)"
ostler service stop web
echo "down says then: $(ostler down)."
)sh";

TEST_F(Services, GoOnWhenOstlerIsDown) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  const support::TempDirectory home;
  const fs::path bin = fs::path(support::ostler_program()).parent_path();
  const auto done = support::run_program({"bash", "-euc", kOwnMachine},
                                         {{{"HOME", home.path()},
                                           {"XDG_STATE_HOME", home / "state"},
                                           {"XDG_CONFIG_HOME", home / "config"},
                                           {"PATH", bin.string() + ":" + std::getenv("PATH")},
                                           {"PLUGIN", built},
                                           {"SERVER", directory_ / "server.py"}},
                                          home.path()});
  EXPECT_EQ(done.code, 0) << done.out << done.err;
  EXPECT_THAT(done.out, HasSubstr("down says: 1 service goes on: web;"));
  EXPECT_THAT(done.out, HasSubstr("up says: 1 service goes on: web;"));
  EXPECT_THAT(done.out, HasSubstr("stopped web."));
  EXPECT_THAT(done.out, HasSubstr("down says then: ."));
}

TEST_F(Services, SayByNameWhoseKeeperDied) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  ASSERT_EQ(launch("one")["state"], "passed") << log();
  const std::string id = listed().at(0)["id"];
  agent_.kill();
  ::kill(supervise::read_job_lock(root() / id).value().keeper, SIGKILL);
  EXPECT_TRUE(support::wait_until(20s, [&] { return listed().at(0)["phase"] == "lost"; }));
  EXPECT_THAT(ostler({"service", "show", "web"}).out, HasSubstr("lost: its keeper died"));
  agent_.start_again();
  EXPECT_TRUE(support::wait_until(20s, [&] {
    return agent_.program().err().find("a service is lost") != std::string::npos;
  })) << agent_.program().err();
  EXPECT_THAT(agent_.program().err(), HasSubstr(id));
}

TEST_F(Services, AreEndedBeforeTheyAreForgotten) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  std::ofstream(directory_ / "serve") << "#!/bin/sh\nsetsid sleep 600 &\nexec python3 "
                                      << (directory_ / "server.py").string() << " $1\n";
  fs::permissions(directory_ / "serve", fs::perms::owner_all);
  const auto serve = [this](const std::string& version) {
    return build("app",
                 R"({"ostler://launch#1": {name: web, health: /health, within_s: 20, command: [)" +
                     (directory_ / "serve").string() + ", " + version + "]}}");
  };
  ASSERT_EQ(serve("one")["state"], "passed") << log();
  const std::string id = listed().at(0)["id"];
  ::kill(supervise::read_job_lock(root() / id).value().keeper, SIGKILL);
  ASSERT_TRUE(support::wait_until(20s, [&] { return listed().at(0)["phase"] == "lost"; }));
  ASSERT_EQ(serve("two")["state"], "passed") << log();
  EXPECT_FALSE(fs::exists(root() / id));
  EXPECT_THAT(process::kill_strays("OSTLER_SERVICE_ID=" + id, 0ms), testing::IsEmpty());
}

TEST_F(Services, BelongToTheirPipelineAndPlugin) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  install_snake(R"py(
def act(step):
    def tried(call, *arguments, **more):
        try:
            return f"ok {call(*arguments, **more)}"
        except CallFailed as failure:
            return f"{failure.status} {failure}"
    step.log("listens " + step.listen("my-web"))
    step.run(["sh", "-c", "echo command $LISTEN_FDS $LISTEN_FDNAMES $OSTLER_LISTENER_MY_WEB; "
              "test $LISTEN_PID = $$ && test -S /proc/self/fd/3 && echo has it"])
    for call in [lambda: step.services(), lambda: step.promote_service("web"),
                 lambda: step.stop_service("web"), lambda: step.service_log("web"),
                 lambda: step.start_service("web", ["true"]),
                 lambda: step.start_service("../x", ["true"]),
                 lambda: step.start_service("a", ["true"], {"LISTEN_FDS": "9"}),
                 lambda: step.start_service("a", ["true"], listener="none"),
                 lambda: step.start_service("a", ["true"], address="10.0.0.1:80"),
                 lambda: step.start_service("a", ["true"], listener="my-web", probe="tcp"),
                 lambda: step.start_service("a", ["/no/such"]),
                 lambda: step.listen("my-web"), lambda: step.listen("../x")]:
        step.log("> " + tried(call))
    return passed("tried")
)py");
  ASSERT_EQ(launch("one")["state"], "passed") << log();
  ASSERT_EQ(build("other", "\"ostler://snake#1\"")["state"], "passed") << log("other");
  const std::string other = log("other");
  EXPECT_THAT(other, HasSubstr("command 1 my-web 127.0.0.1:"));
  EXPECT_THAT(other, HasSubstr("has it"));
  EXPECT_THAT(other, HasSubstr("> ok []"));
  EXPECT_THAT(other, HasSubstr("> 3 the pipeline has no service web"));
  EXPECT_THAT(other, HasSubstr("> 7 the name of a service is"));
  EXPECT_THAT(other, HasSubstr("> 7 variables that begin with LISTEN_ are set by the host"));
  EXPECT_THAT(other, HasSubstr("> 3 no listener none is open"));
  EXPECT_THAT(other, HasSubstr("> 7 the address of a service is"));
  EXPECT_THAT(other, HasSubstr("> 7 a service with a listener cannot be probed by tcp"));
  EXPECT_THAT(other, HasSubstr("> 6 execute /no/such"));
  EXPECT_THAT(other, HasSubstr("> 5 the listener my-web is open"));

  ASSERT_EQ(build("app", "\"ostler://snake#1\"")["state"], "passed") << log();
  EXPECT_THAT(log(), HasSubstr("> 5 the service web is that of launch#1.0.0"));
  EXPECT_EQ(asked(listed().at(0)["address"]), "one") << "nobody has touched it";
}

TEST_F(Services, AreNotForOtherProcessesOfAJob) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  std::ofstream(directory_ / "call.py") << R"py(
import os, socket
peer = socket.socket(socket.AF_UNIX)
peer.connect(os.environ["BUILDKITE_AGENT_JOB_API_SOCKET"])
peer.sendall(b"POST /api/ostler/v0/agent-api/ostler-services/status HTTP/1.0\r\nAuthorization: Bearer "
             + os.environ["BUILDKITE_AGENT_JOB_API_TOKEN"].encode() + b"\r\nContent-Length: 0\r\n\r\n")
print(peer.recv(4096).decode(), flush=True)
)py";
  hub_.make_pipeline("app", "steps:\n  - command: python3 " + (directory_ / "call.py").string());
  last_ = hub_.make_build("app", {{"BUILDKITE_SKIP_CHECKOUT", "true"}});
  ASSERT_EQ(hub_.finished_build("app", last_, 60s).value()["state"], "passed") << log();
  EXPECT_THAT(log(), HasSubstr("only step plugins may start services"));
}

TEST_F(Services, AreForPluginsThatTheOperatorLists) {
  install_snake("act = None");
  agent_.stop();
  support::AgentProcess strict(hub_, directory_.path(), {"--plugin-services", "launch"});
  EXPECT_EQ(build("app", "\"ostler://snake#1\"")["state"], "failed");
  EXPECT_THAT(log(), HasSubstr("list snake in plugin-services"));
}

}  // namespace
}  // namespace ostler
