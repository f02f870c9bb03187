// SPDX-License-Identifier: Apache-2.0
// A plugin that knows the wire from agent/docs/box-protocol.md alone: nothing of the SDK is in it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "crypto/digest.hpp"
#include "support/child_program.hpp"
#include "support/temp_directory.hpp"

namespace ostler::support {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// In Perl without a module, which has neither Python's wrapper nor the ABI of C.
constexpr const char* kProgram = R"pl(use strict;
use warnings;

open(my $wire, '+<&=', 3) or exit 1;

sub text { return pack('V/a*', $_[0]) }

sub take {
  my ($size) = @_;
  my $all = '';
  while (length($all) < $size) {
    sysread($wire, $all, $size - length($all), length($all)) or exit 0;
  }
  return $all;
}

sub hear {
  my ($size, $type) = unpack('Vv', take(8));
  return ($type, take($size));
}

sub tell_host {
  my ($type, $payload) = @_;
  my $frame = pack('Vvv', length($payload), $type, 0) . $payload;
  while (length($frame)) {
    my $size = syswrite($wire, $frame) or exit 1;
    substr($frame, 0, $size) = '';
  }
}

sub answer_to {
  my ($id) = @_;
  while (1) {
    my ($type, $payload) = hear();
    next if $type != 67;
    my ($of, $status, $value) = unpack('Vl<V/a*', $payload);
    return ($status, $value) if $of == $id;
  }
}

my $asked = 0;

sub ask {
  my ($method, @arguments) = @_;
  my $pairs = pack('v', scalar(@arguments)) . join('', map { text($_) . text('') } @arguments);
  tell_host(85, pack('V', ++$asked) . text($method) . $pairs);
  return answer_to($asked);
}

sub put_log { tell_host(82, pack('l<C', 1, 1) . text($_[0])) }

tell_host(81, text('camel') . text('1.0.0') . text(''));
my ($type, $payload) = hear();
exit 1 if $type != 65;
my ($major, $minor, $attempt, %told) = unpack('vvl< v/(V/a* V/a*) v/(V/a* V/a*)', $payload);
put_log("wire $major.$minor, " . (exists $told{'ostler.config/1'} ? 'configured' : 'not configured'));
my ($status, $name) = ask('ostler.config/1/text', '/name');
put_log("status $status, hello $name");
($status) = ask('ostler.config/1/text', '/nowhere');
put_log("status $status of what is nowhere");
tell_host(84, pack('l<l<', 5000, 1) . text('greet') . text('half'));
tell_host(86, pack('Vl<l<l<', ++$asked, 0, 0, 0) . text('') . text('greeted one') . text('') . text(''));
answer_to($asked);
tell_host(88, pack('l<', 0) . text(''));
)pl";

void write_plugin(const fs::path& place) {
  fs::create_directories(place);
  std::ofstream(place / "camel.pl") << kProgram;
  std::ofstream(place / "plugin.json")
      << R"({"id": "camel", "version": "1.0.0", "kind": "step", "abi": "0.2", "description": "d",
             "runtime": "exec", "interpreter": ["perl"], "library": "camel.pl",
             "permissions": {}, "files": {"camel.pl": ")"
      << crypto::sha256_hex(kProgram) << R"("}, "configuration": {"type": "object", "properties":
             {"name": {"type": "string", "default": "world"}}}})";
}

TEST(PluginWire, IsKnownFromItsDocument) {
  if (!fs::exists("/usr/bin/perl")) GTEST_SKIP() << "no perl here";
  const TempDirectory directory;
  write_plugin(directory / "camel");
  const ProgramResult ran =
      run_program({ostler_program(), "plugin", "run", directory / "camel"},
                  {{{"XDG_STATE_HOME", directory / "state"}}, directory.path()});
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  for (const char* said : {"wire 0.2, configured\n", "status 0, hello world\n",
                           "status 3 of what is nowhere\n", "greet: half", "passed: greeted one"}) {
    EXPECT_THAT(ran.out, HasSubstr(said)) << ran.err;
  }
}

}  // namespace
}  // namespace ostler::support
