using System.Buffers;
using MemoryPack;
using Penstock.State;

namespace Penstock.Runtime.Tests.Kit;

/// <summary>The codec of a state with one number.</summary>
internal readonly struct IntCodec : IStateCodec<StateCell<int>>
{
    public static string Schema => "Value:int32";

    public static bool HasSharedParts => false;

    public static StateCell<int> Detach(in StateCell<int> state) => state;

    public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, in StateCell<int> state)
        where TBuffer : class, IBufferWriter<byte> => writer.WriteUnmanaged(state.Value);

    public static void Read(ref MemoryPackReader reader, out StateCell<int> state) =>
        state = new StateCell<int> { Value = reader.ReadUnmanaged<int>() };
}
