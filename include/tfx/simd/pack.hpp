// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/simd/arithmetic.hpp>
#include <tfx/simd/convert.hpp>
#include <tfx/simd/lanes.hpp>
#include <tfx/simd/reduce.hpp>
