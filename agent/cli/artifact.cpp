// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <thread>

#include "agent_client/api_request.hpp"
#include "agent_client/transport_from_environment.hpp"
#include "artifact/download.hpp"
#include "artifact/find.hpp"
#include "artifact/upload.hpp"
#include "cli/exit.hpp"
#include "cli/options.hpp"
#include "cli/run_functions.hpp"
#include "cli/server_flags.hpp"

namespace ostler::cli {
namespace {

constexpr std::size_t kDownloadsPerProcessor = 10;
constexpr std::size_t kMostDownloads = 64;  // at once

std::size_t processors() { return std::max(1u, std::thread::hardware_concurrency()); }

// Progress is for people; what a script reads would go to standard output.
void tell(const std::string& sentence) { std::fprintf(stderr, "%s\n", sentence.c_str()); }

// Every failure of these commands is status 1, wrong input too. Source: job-lifecycle 8.2.
int end(const Result<void>& done) { return done ? kExitOk : fail(done.error().message()); }

// The flags of every command that calls the server set the variables that its transport reads.
struct ApiFlags {
  std::string token;
  std::string endpoint;
  agent_client::Route route = agent_client::Route::JobSocketFirst;

  void add_to(CLI::App& app) {
    app.add_option("--agent-access-token", token, "Token for the Agent API")
        ->envname("BUILDKITE_AGENT_ACCESS_TOKEN");
    app.add_option("--endpoint", endpoint, "Base URL of the Agent API")
        ->envname("BUILDKITE_AGENT_ENDPOINT");
  }

  Result<std::unique_ptr<agent_client::Transport>> transport() const {
    if (!token.empty()) ::setenv("BUILDKITE_AGENT_ACCESS_TOKEN", token.c_str(), 1);
    if (!endpoint.empty()) ::setenv("BUILDKITE_AGENT_ENDPOINT", endpoint.c_str(), 1);
    return agent_client::transport_from_environment(route);
  }
};

struct UploadFlags {
  std::string paths;
  std::string destination;
  std::size_t concurrency = processors();
  bool no_multipart = false;
  artifact::FindOptions find;
  artifact::UploadOptions upload;
  ApiFlags api;

  void add_to(CLI::App& app) {
    app.add_option("paths", paths, "Globs, separated by the delimiter")->required();
    app.add_option("destination", destination,
                   "Not supported yet: artifacts go to the server's own store")
        ->envname("BUILDKITE_ARTIFACT_UPLOAD_DESTINATION");
    app.add_option("--job", upload.job, "Id of the job")->envname("BUILDKITE_JOB_ID");
    app.add_option("--content-type", upload.content_type, "Media type of all files")
        ->envname("BUILDKITE_ARTIFACT_CONTENT_TYPE");
    app.add_flag("--literal", find.literal, "Paths are names, not globs")
        ->envname("BUILDKITE_AGENT_ARTIFACT_LITERAL");
    app.add_option("--delimiter", find.delimiter, "Between paths; empty: one path")
        ->envname("BUILDKITE_AGENT_ARTIFACT_DELIMITER")
        ->capture_default_str();
    app.add_flag("--glob-resolve-follow-symlinks", find.follow_directory_links,
                 "Enter directories through symbolic links")
        ->envname("BUILDKITE_AGENT_ARTIFACT_GLOB_RESOLVE_FOLLOW_SYMLINKS");
    app.add_flag("--upload-skip-symlinks", find.skip_file_links, "Leave out links to files")
        ->envname("BUILDKITE_ARTIFACT_UPLOAD_SKIP_SYMLINKS");
    app.add_option("--concurrency", concurrency, "Uploads at once")
        ->envname("BUILDKITE_ARTIFACT_UPLOAD_CONCURRENCY")
        ->check(CLI::Range(1, 256));
    app.add_flag("--no-multipart-artifact-upload", no_multipart, "Upload each file in one piece")
        ->envname("BUILDKITE_NO_MULTIPART_ARTIFACT_UPLOAD");
    api.add_to(app);
  }
};

Result<void> upload(UploadFlags flags) {
  if (!flags.destination.empty()) {
    return Error(Errc::UserFault, "artifact destination \"" + flags.destination +
                                      "\" is not supported yet; leave it out to use the server's"
                                      " own store");
  }
  OSTLER_TRY(const auto files,
             artifact::find_files(flags.paths, flags.find, std::filesystem::current_path(), tell));
  if (files.empty()) {
    tell("No files matched paths: " + flags.paths);
    return success();
  }
  if (flags.upload.job.empty()) {
    return Error(Errc::UserFault, "no job: set BUILDKITE_JOB_ID or give --job");
  }
  OSTLER_TRY(const auto transport, flags.api.transport());
  flags.upload.multipart = !flags.no_multipart;
  flags.upload.batch.threads = flags.concurrency;
  flags.upload.batch.user_agent = agent_client::user_agent();
  return artifact::upload(files, flags.upload, *transport, tell);
}

struct DownloadFlags {
  std::string query;
  std::string directory;
  artifact::DownloadOptions download;
  ApiFlags api;

  void add_to(CLI::App& app) {
    app.add_option("query", query, "Glob over artifact paths")->required();
    app.add_option("destination", directory, "Existing directory to write to")->required();
    app.add_option("--step", download.step, "Only of this step (key or id) or job id");
    app.add_option("--build", download.build, "Id of the build")->envname("BUILDKITE_BUILD_ID");
    app.add_flag("--include-retried-jobs", download.include_retried_jobs,
                 "Also of jobs that were retried")
        ->envname("BUILDKITE_AGENT_INCLUDE_RETRIED_JOBS");
    api.add_to(app);
  }
};

Result<void> download(DownloadFlags flags) {
  if (flags.download.build.empty()) {
    return Error(Errc::UserFault, "no build: set BUILDKITE_BUILD_ID or give --build");
  }
  OSTLER_TRY(const auto transport, flags.api.transport());
  flags.download.threads = std::min(kDownloadsPerProcessor * processors(), kMostDownloads);
  flags.download.user_agent = agent_client::user_agent();
  return artifact::download(flags.query, flags.directory, flags.download, *transport, tell);
}

}  // namespace

int run_artifact_upload(const Arguments& arguments) {
  CLI::App app("Uploads files of a job to the server", "artifact upload");
  UploadFlags flags;
  flags.add_to(app);
  if (const auto ended = read_options(app, arguments)) return *ended;
  if (names_a_server(arguments)) flags.api.route = agent_client::Route::Http;
  return end(upload(std::move(flags)));
}

int run_artifact_download(const Arguments& arguments) {
  CLI::App app("Downloads artifacts of a build", "artifact download");
  DownloadFlags flags;
  flags.add_to(app);
  if (const auto ended = read_options(app, arguments)) return *ended;
  if (names_a_server(arguments)) flags.api.route = agent_client::Route::Http;
  return end(download(std::move(flags)));
}

}  // namespace ostler::cli
