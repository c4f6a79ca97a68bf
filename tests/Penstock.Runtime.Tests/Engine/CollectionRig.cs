using System.Buffers;
using MemoryPack;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Connectors;
using Penstock.State;
using Penstock.Tasks;

namespace Penstock.Runtime.Tests.Engine;

/// <summary>A map and a list as an operator has them, without the operator.</summary>
internal sealed class CollectionRig : IDisposable
{
    private readonly ExecutionGraph _graph;

    public CollectionRig()
    {
        _graph = new ExecutionGraph(
            PipelineDefinition.Of<CollectPipeline>(),
            new ExecutionEnvironment("Collect", new PipelineOptions(), new ServiceCollection().BuildServiceProvider(), NullLogger.Instance)
            {
                Files = new MemoryFileSystem()
            });
        Scope = new KeyScope<LongKey>(_graph.SubtaskOf(nameof(CollectPipeline.Contents), 0).Context, "Rig", null, null);
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
        var rig = new CollectionRig();
        return (rig.Map, rig.List);
    }

    public void Enter(long key) => Scope.Enter(new LongKey(key), LongKey.Hash(new LongKey(key), Scope.Secret));

    /// <summary>Freezes one of them and writes it.</summary>
    /// <returns>The bytes that it took.</returns>
    public long Save(string name, bool all)
    {
        var frozen = _graph.Subtasks.SelectMany(subtask => subtask.StateParts).Single(part => part.Id == "Rig." + name).Freeze(all);
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
}
