// SPDX-License-Identifier: Apache-2.0
// The header as C++ sees it: the macros and a table that C has filled in.
#include <ostler/abi.h>

namespace {

ostler_status_t init(const ostler_step_t*, const ostler_host_t* host, const ostler_sink_t*) {
  return OSTLER_HAS(ostler_host_t, host, get_extension) ? OSTLER_OK : OSTLER_INVALID;
}
ostler_status_t run(const ostler_step_t*, const ostler_result_sink_t*, const ostler_sink_t*) {
  return OSTLER_FAILED;
}
void destroy(const ostler_step_t*) {}

}  // namespace

extern const ostler_step_t ostler_test_step;
const ostler_step_t ostler_test_step = {
    sizeof(ostler_step_t), 0, nullptr, &init, &run, nullptr, &destroy};
