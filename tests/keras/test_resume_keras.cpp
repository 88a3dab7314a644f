// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <keras/fit_test.hpp>
#include <tfx/keras/callbacks/lambda_callback.hpp>
#include <tfx/keras/callbacks/model_checkpoint.hpp>
#include <tfx/keras/layers/dropout.hpp>
#include <tfx/keras/optimizers/adam.hpp>

// Training that is killed at any time goes on from its last checkpoint, which is whole, and ends with the bits of
// training that was not stopped.

using namespace fit_test;
using namespace keras::callbacks;
using io_test::folder;

namespace {
constexpr int epochs = 400;
auto make_trainer() {
  return keras::Sequential(keras::Input(tf::shape<3>), layers::Dense<4>(), layers::Dropout(0.25), layers::Dense<1>())
      .compile(keras::optimizers::Adam(0.01), keras::loss<"mse">);
}
/// Epochs from a first one on; what an epoch draws hangs on its number, and the first weights too.
void train(std::string const& dir, int first, int last) {
  auto trainer = make_trainer();
  auto& sess = trainer.model().session();
  if (first > 0) {
    trainer.load(tf::train::latest_checkpoint(dir));
  } else {
    auto model = trainer.model();
    auto weights = model.get_weights();
    std::get<0>(weights) = op_test::tensor<float, 2>({3, 4}, op_test::spread(12, -1, 1));
    std::get<2>(weights) = op_test::tensor<float, 2>({4, 1}, op_test::spread(4, -1, 1));
    model.set_weights(weights);
  }
  trainer.fit(inputs(), targets(), {.epochs = last, .batch_size = 8, .verbose = 0, .initial_epoch = first},
              LambdaCallback({.on_epoch_begin = [&](int epoch) { sess.set_random_seed(epoch); }}),
              ModelCheckpoint(dir + "/epoch-{epoch:04d}"), LambdaCallback({.on_epoch_end = [&](int epoch) {
                // What is older than the one before goes.
                if (epoch > 1) {
                  char name[64];
                  std::snprintf(name, sizeof name, "/epoch-%04d", epoch - 1);
                  tf::io::remove_tensors(dir + name);
                }
              }}));
}
/// How many epochs the newest checkpoint has behind it; every tensor of it is read.
int epochs_done(std::string const& dir) {
  std::string const path = tf::train::latest_checkpoint(dir);
  if (path.empty()) return 0;
  auto trainer = make_trainer();
  trainer.load(path);
  int const done = std::atoi(path.c_str() + path.rfind('-') + 1);
  REQUIRE(trainer.model().session().run(trainer.optimizer().iterations()) == 3 * done);
  return done;
}
}  // namespace

TEST_CASE("resume: fit is killed over and over, and ends with the same bits") {
  folder const unbroken, broken;
  std::string const dir = broken.path.string();
  train(unbroken.path.string(), 0, epochs);
  unsigned seed = 1;
  int kills = 0, done = 0, rounds = 0;
  while (kills < 200) {
    REQUIRE(++rounds < 2000);
    ::pid_t const child = ::fork();
    if (child == 0) {
      train(dir, done, done + epochs);
      ::_exit(0);
    }
    seed = seed * 1664525u + 1013904223u;
    ::usleep(500 + (seed >> 8) % 9000);
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));
    ++kills;
    int const now = epochs_done(dir);
    REQUIRE(now >= done);
    done = now;
    if (done > epochs - 60) {  // near the end: from the start again
      train(dir, done, epochs);
      CHECK(io_test::text_of(tf::train::latest_checkpoint(dir) + ".data-00000-of-00001") ==
            io_test::text_of(tf::train::latest_checkpoint(unbroken.path.string()) + ".data-00000-of-00001"));
      std::filesystem::remove_all(broken.path);
      std::filesystem::create_directories(broken.path);
      done = 0;
    }
  }
  if (done > 0 || rounds > 0) train(dir, done, epochs);
  CHECK(io_test::text_of(tf::train::latest_checkpoint(dir) + ".data-00000-of-00001") ==
        io_test::text_of(tf::train::latest_checkpoint(unbroken.path.string()) + ".data-00000-of-00001"));
}
