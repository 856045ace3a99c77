#!/usr/bin/python3
"""modbus-peer.py tcp PORT | rtu DEVICE BAUD

A relay board that none of our code has a part in: pymodbus with eight coils, unit 1. Prints
"coils ADDRESS ALL-EIGHT" at each write.
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


async def main():
    store = ModbusSlaveContext(co=PrintedCoils(0, [0] * 8), zero_mode=True)
    if sys.argv[1] == "tcp":
        context = ModbusServerContext(slaves=store, single=True)
        await StartAsyncTcpServer(context=context, address=("127.0.0.1", int(sys.argv[2])))
    else:
        context = ModbusServerContext(slaves={1: store}, single=False)
        await StartAsyncSerialServer(context=context, framer=ModbusRtuFramer, port=sys.argv[2],
                                     baudrate=int(sys.argv[3]), timeout=0.005)


ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
asyncio.run(main())
