using Penstock.Checkpoints;
using Penstock.Sinks;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Sinks;

/// <summary>The data that sinks keep next to the checkpoints until it is committed.</summary>
public sealed class SinkSpoolTests
{
    private readonly FolderStorage _storage = new(new SimulatedFiles(), "/checkpoints", "Test", isLocked: false);

    public SinkSpoolTests() => _storage.Open();

    [Fact]
    public void A_node_that_lingers_writes_under_other_names_than_its_successor_and_the_coordinator_finds_all()
    {
        var (first, lingering, successor) = (
            new SinkSpool(_storage, "Counts", 0),
            new SinkSpool(_storage, "Counts", 11),
            new SinkSpool(_storage, "Counts", 12));
        Write(first, 1);
        Write(successor, 2);
        Write(lingering, 3);
        string[] names = ["1-0000000004", "1-0000000004-11", "1-0000000004-12"];
        Assert.Equal(names, first.List().Order(StringComparer.Ordinal));
        Assert.Equal([1, 3, 2], names.Select(name => Read(first, name)));
        Assert.Empty(new SinkSpool(_storage, "Others", 0).List());

        static void Write(SinkSpool spool, byte content)
        {
            using var file = spool.Create(spool.QualifyName("1-0000000004"));
            file.Append([content]);
            file.Sync();
        }

        static byte Read(SinkSpool spool, string name)
        {
            using var file = spool.OpenRead(name);
            var content = new byte[1];
            Assert.Equal(1, file.Read(0, content));
            return content[0];
        }
    }
}
