// SPDX-License-Identifier: Apache-2.0
#include "e2e/help_house.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <array>
#include <cstdlib>
#include <fstream>

#include "files/file.hpp"
#include "support/wait_until.hpp"

namespace ostler::support {
namespace {

using namespace std::chrono_literals;

/// Of a loaded machine with a sanitizer.
constexpr auto kPatience = 300s;
constexpr const char* kAppSteps = R"yaml(steps:
  - {key: test, label: Test, command: ./test, artifact_paths: "dist/*"}
  - input: Deploy
    key: deploy
    if: build.env("WANT") == "blocked"
    fields:
      - {text: Release, key: release, default: "1.0"}
      - select: Region
        key: region
        multiple: true
        default: eu
        options: [{label: Europe, value: eu}, {label: America, value: us}]
)yaml";
constexpr const char* kJobSteps = R"yaml(steps:
  - {key: test, command: ./test, artifact_paths: "dist/*"}
  - {key: work, depends_on: test, command: "export -p > $$PLACE/job; until [ -e $$PLACE/over ]; do sleep 0.1; done"}
  - {key: deploy, depends_on: work, command: ./deploy}
)yaml";
constexpr const char* kFirstCommit = R"sh(
set -e
mkdir bin .config .config/fish .config/fish/completions
printf '#!/bin/sh\nexec cat\n' > bin/less
printf '#!/bin/sh\n' > bin/compdef
command -v jq > bin/found || printf '#!/bin/sh\nexec cat\n' > bin/jq
chmod +x bin/*
git init -q -b main checkout
cd checkout
mkdir .buildkite dist logs
for name in coverage deploy fetch-password release setup; do
  printf '#!/bin/sh\necho "what %s says"\n' $name > $name
done
printf '#!/bin/sh\necho "steps: [{command: make}]"\n' > generate-pipeline
cat > test <<'END'
#!/bin/sh
case "$WANT $BUILDKITE_RETRY_COUNT $BUILDKITE_AGENT_NAME" in
  running*) exec sleep 600 ;;
  'failed 0 box-'*) exit 1 ;;
esac
echo '0 errors'
END
chmod +x *
mv ../pipeline.yml .
./generate-pipeline | tee .buildkite/pipeline.yml > .buildkite/deploy.yml
echo archive > dist/app.tar.gz
echo fine > logs/test.txt
echo '# Report' > report.md
echo '{"user": "ann-of-app", "password": "correct-horse"}' > credentials.json
echo '{"NODE_ENV": "production"}' > variables.json
git add .
git -c user.name=Ann -c user.email=ann@example.com commit -qm first
git clone -q --bare . ../app.git
git remote add origin "$PWD/../app.git"
echo key > key.pem
)sh";

/// What an example that goes on until it is told to end says when it is up; empty: it ends.
std::string sign_of(const std::string& example) {
  if (example.find("--detach") != example.npos) return "";
  if (example.starts_with("ostler agent start")) return "registered";
  if (example.starts_with("ostler hub --listen")) return "listening on ";
  if (example.find(" --watch --config") != example.npos) return "; Ctrl-C ends";
  if (example.starts_with("ostler service log web --follow")) return "serving";
  return example.starts_with("ostler up") ? "Ostler is up at " : "";
}

/// Whether it asks for a secret, which a person types.
bool asks(const std::string& line) {
  if (line.find(" < ") != line.npos) return false;
  return line.starts_with("ostler login http") || line.starts_with("ostler secret set NPM_TOKEN") ||
         line.find("--secret NPM_TOKEN") != line.npos;
}

std::string first_line(const std::filesystem::path& file) {
  const auto text = files::read_file(file).value();
  return text.substr(0, text.find('\n'));
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

bool is_in(const nlohmann::json& build, const std::string& state) {
  if (state == "running") return build["jobs"][0]["state"] == state;
  return build["blocked"] ? state == "blocked" : build["state"] == state;
}

std::filesystem::path made(const std::filesystem::path& directory) {
  std::filesystem::create_directory(directory);
  return directory;
}

}  // namespace

HelpHouse::HelpHouse()
    : files_([this](ServerRequest request) -> boost::asio::awaitable<ServerAnswer> {
        co_return ServerReply{200, files::read_file(checkout().string() + request.target).value()};
      }),
      hub_(made(directory_ / "ostler")),
      agent_(hub_, directory_ / "ostler",
             {"--spawn", "7", "--name", "box-%spawn", "--plugin-services", "web"}) {
  make_repository();
  hub_.make_pipeline("app", kAppSteps, (directory_ / "app.git").string());
  hub_.make_pipeline("old-app", kAppSteps);
  const auto agents = [this] { return hub_.rest("GET", "/organizations/ostler/agents").json(); };
  EXPECT_TRUE(wait_until(kPatience, [&] { return agents().size() == 7; }));
}

HelpHouse::~HelpHouse() { shell(with_names("ostler down --cancel; ostler service stop web")); }

void HelpHouse::make_repository() const {
  std::ofstream(directory_ / "pipeline.yml") << kAppSteps;
  const auto result = run_program({"/bin/bash", "-c", kFirstCommit}, {{}, directory_.path()});
  EXPECT_EQ(result.code, 0) << result.err;
  std::ofstream(checkout() / "agent-token") << hub_.agent_token();
  std::ofstream(checkout() / "buildkite-agent.cfg") << "token=" << hub_.agent_token() << "\n";
  std::ofstream(checkout() / "api-token") << first_line(hub_.data() / "api-token") << "\n";
  std::ofstream(directory_ / "typed") << first_line(hub_.data() / "api-token") << "\n";
}

void HelpHouse::have_build(const std::string& state) {
  const std::string builds = "/organizations/ostler/pipelines/app/builds";
  const auto newest = [&] { return hub_.rest("GET", builds + "?per_page=1").json(); };
  const auto is_there = [&] {
    const auto found = newest();
    return !found.empty() && is_in(found[0], state);
  };
  if (!is_there()) hub_.make_build("app", {{"WANT", state}});
  EXPECT_TRUE(wait_until(kPatience, is_there)) << state;
  number_ = newest()[0]["number"];
  job_ = newest()[0]["jobs"][0]["id"];
}

void HelpHouse::renew_agent() {
  EXPECT_TRUE(agent_.stop(kPatience));
  agent_.start_again();
  EXPECT_TRUE(wait_until(kPatience, [&] { return shell("ostler agent list").code == 0; }));
}

void HelpHouse::enter_job() {
  const std::string clusters = "/organizations/ostler/clusters";
  const std::string cluster = hub_.rest("GET", clusters).json()[0]["id"];
  for (const char* key : {"NPM_TOKEN", "DEPLOY_KEY"}) {
    hub_.rest("POST", clusters + "/" + cluster + "/secrets", {{"key", key}, {"value", "a-secret"}});
  }
  hub_.make_pipeline("job", kJobSteps, (directory_ / "app.git").string());
  hub_.make_build("job", {{"PLACE", directory_.path().string()}});
  const auto environment = directory_ / "job";
  EXPECT_TRUE(wait_until(kPatience, [&] { return std::filesystem::exists(environment); }));
  in_the_job_ = ". " + environment.string() + "; cd \"$BUILDKITE_BUILD_CHECKOUT_PATH\"\n";
}

ProgramOptions HelpHouse::options() const {
  const std::string bin = std::filesystem::path(ostler_program()).parent_path();
  const std::string own = directory_.path().string();
  return {.environment = {{"HOME", own},
                          {"XDG_STATE_HOME", own},
                          {"XDG_CONFIG_HOME", own + "/.config"},
                          {"OSTLER_URL", hub_.url()},
                          {"OSTLER_API_TOKEN", first_line(hub_.data() / "api-token")},
                          {"OSTLER_ORGANIZATION", "ostler"},
                          {"OSTLER_AGENT_STATE_PATH", agent_.state()},
                          {"BUILDKITE_AGENT_ENDPOINT", hub_.endpoint()},
                          {"BUILDKITE_AGENT_TOKEN", hub_.agent_token()},
                          {"BUILDKITE_BUILD_PATH", own + "/other-builds"},
                          {"BUILDKITE_AGENT_ACCESS_TOKEN", ""},
                          {"BUILDKITE_AGENT_JOB_API_SOCKET", ""},
                          {"CMAKE_PREFIX_PATH", own + "/sdk"},
                          {"CC", "clang-19"},
                          {"CXX", "clang++-19"},
                          {"NPM_TOKEN", "a-secret"},
                          {"DISPLAY", ""},
                          {"WAYLAND_DISPLAY", ""},
                          {"PATH", bin + ":" + own + "/bin:" + std::getenv("PATH")}},
          .directory = checkout()};
}

std::string HelpHouse::script(const std::string& line) const {
  const std::string typed = asks(line) ? "< '" + (directory_ / "typed").string() + "'" : "";
  return "set -o pipefail\n" + in_the_job_ + "{ " + line + "\n} " + typed;
}

ProgramResult HelpHouse::shell(const std::string& line) const {
  ChildProgram program({"/bin/bash", "-c", script(line)}, directory_.path(), options());
  const ExitCode code = program.wait(kPatience).value_or(-1);
  return {code, program.out(), program.err()};
}

std::string HelpHouse::with_names(std::string example) const {
  const std::string number = std::to_string(number_);
  const std::array<std::array<std::string, 2>, 13> names = {
      {{"ostler agent start", "ostler agent start --log-level info --state-path $HOME/other"},
       {"ostler up", "ostler up --listen 127.0.0.1:0 --state-path $HOME/up"},
       {"ostler down", "ostler down --state-path $HOME/up"},
       {"/backups/", "$HOME/backups/"},
       {"app/42", "app/" + number},
       {"'#42'", "'#" + number + "'"},
       {"0192f1e7-5a1c-7000-8000-00000000000a", job_},
       {"http://127.0.0.1:7450", hub_.url()},
       {"127.0.0.1:7450", "127.0.0.1:0"},
       {"https://example.com", files_.url()},
       {"#SHA256", "#$(sha256sum < greet-1.0.0.tar.gz | cut -d' ' -f1)"},
       {"https://ci.example.com", hub_.url()},
       {"--org acme", "--org ostler"}}};
  for (const auto& [from, to] : names) replace_all(example, from, to);
  return example;
}

ProgramResult HelpHouse::run_example(const std::string& example) const {
  const std::string sign = sign_of(example);
  const std::string line = with_names(example);
  return sign.empty() ? shell(line) : run_until_up(line, sign);
}

ProgramResult HelpHouse::run_until_up(const std::string& line, const std::string& sign) const {
  // What a shell runs in its background ignores it, and so do all programs that it starts.
  ::signal(SIGINT, SIG_DFL);
  ChildProgram program({"/bin/bash", "-c", script("exec " + line)}, directory_.path(), options());
  const auto text = [&] { return program.out() + program.err(); };
  EXPECT_TRUE(wait_until(kPatience, [&] { return text().find(sign) != std::string::npos; }))
      << text();
  program.signal(SIGINT);
  const ExitCode code = program.wait(kPatience).value_or(-1);
  return {code, program.out(), program.err()};
}

bool HelpHouse::may_end_with(const std::string& example, const std::string& page, ExitCode code) {
  const bool finds_faults = example == "ostler doctor";  // of the machine that this runs on
  const bool says_so = page.find("(130)") != page.npos;
  return code == 0 || (code == 1 && finds_faults) || (code == 130 && says_so);
}

}  // namespace ostler::support
