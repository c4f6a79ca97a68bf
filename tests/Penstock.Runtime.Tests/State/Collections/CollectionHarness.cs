using System.Buffers;
using MemoryPack;
using Penstock.Connectors;
using Penstock.State;
using Penstock.Tasks;

namespace Penstock.Runtime.Tests.State.Collections;

/// <summary>A map and a list as an operator has them, without the operator.</summary>
internal sealed class CollectionHarness : IDisposable
{
    private readonly ExecutionGraph _graph;

    public CollectionHarness()
    {
        _graph = TestEnvironment.Create("Collect").GraphOf<CollectPipeline>();
        Scope = new KeyScope<LongKey>(_graph.SubtaskOf(nameof(CollectPipeline.Contents), 0).Context, "Harness", null, null);
        Map = Scope.Map<IntPart, int, int, IntCodec>("Map", perWindow: false);
        List = Scope.List<int, IntCodec>("List", perWindow: false);
        Enter(1);
    }

    public KeyScope<LongKey> Scope { get; }

    public MapState<int, int> Map { get; }

    public ListState<int> List { get; }

    public StateBudget Memory => _graph.State;

    public static (MapState<int, int> Map, ListState<int> List) Open()
    {
        var harness = new CollectionHarness();
        return (harness.Map, harness.List);
    }

    public void Enter(long key) => Scope.Enter(new LongKey(key), LongKey.Hash(new LongKey(key), Scope.Secret));

    /// <summary>Freezes one of them and writes it.</summary>
    /// <returns>The bytes that it took.</returns>
    public long Save(string name, bool all)
    {
        var frozen = _graph.Subtasks.SelectMany(subtask => subtask.StateParts).Single(part => part.Id == "Harness." + name).Freeze(all);
        using var stream = new StateStream(new MemoryFileSystem().Create("state"), new BlockPool());
        frozen.Write(stream);
        frozen.End();
        return stream.Length;
    }

    public void Dispose() => _graph.Dispose();

    internal readonly struct IntPart(int value) : IMapKey<IntPart, int>
    {
        private readonly int _value = value;

        public static string Schema => "int32";

        public static IntPart Of(int value) => new(value);

        public static int ValueOf(IntPart key) => key._value;

        public static ulong Hash(IntPart key, ulong secret) => StableHash.Of((long)key._value, secret);

        public static int Compare(IntPart left, IntPart right) => left._value.CompareTo(right._value);

        public static bool Equals(IntPart left, IntPart right) => left._value == right._value;

        public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, IntPart key)
            where TBuffer : class, IBufferWriter<byte> => writer.WriteUnmanaged(key._value);

        public static IntPart Read(ref MemoryPackReader reader) => new(reader.ReadUnmanaged<int>());
    }
}
