#!/usr/bin/python3
"""modbus-peer.py tcp PORT | rtu DEVICE BAUD

A relay board that none of our code has a part in: pymodbus with eight coils and eight discrete
inputs, unit 1. Prints "coils ADDRESS ALL-EIGHT" at each write. "input NUMBER on|off" on stdin
sets an input, from 1; at its end the inputs stay.
"""
import asyncio
import ctypes
import signal
import sys

from pymodbus.datastore import (ModbusSequentialDataBlock, ModbusServerContext,
                                ModbusSlaveContext)
from pymodbus.server import StartAsyncSerialServer, StartAsyncTcpServer
from pymodbus.transaction import ModbusRtuFramer

PR_SET_PDEATHSIG = 1


class PrintedCoils(ModbusSequentialDataBlock):
    def setValues(self, address, values):
        super().setValues(address, values)
        print("coils", address, "".join("1" if v else "0" for v in self.values), flush=True)


def obey(inputs):
    words = sys.stdin.readline().split()
    if not words:
        asyncio.get_running_loop().remove_reader(sys.stdin)
        return
    inputs.setValues(int(words[1]) - 1, [words[2] == "on"])
    print("input", *words[1:], flush=True)


async def main():
    inputs = ModbusSequentialDataBlock(0, [0] * 8)
    store = ModbusSlaveContext(co=PrintedCoils(0, [0] * 8), di=inputs, zero_mode=True)
    asyncio.get_running_loop().add_reader(sys.stdin, obey, inputs)
    if sys.argv[1] == "tcp":
        context = ModbusServerContext(slaves=store, single=True)
        await StartAsyncTcpServer(context=context, address=("127.0.0.1", int(sys.argv[2])))
    else:
        context = ModbusServerContext(slaves={1: store}, single=False)
        await StartAsyncSerialServer(context=context, framer=ModbusRtuFramer, port=sys.argv[2],
                                     baudrate=int(sys.argv[3]), timeout=0.005)


ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
asyncio.run(main())
