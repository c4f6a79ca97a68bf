using Penstock.Checkpoints;

namespace Penstock.Runtime.Tests.Fuzzing.Targets;

/// <summary>Schemas of saved state, as in manifests and lock files.</summary>
internal sealed class SchemaTarget : IFuzzTarget
{
    private static readonly string[] Valid =
    [
        "keyed(string){Count:int32;Last:record{At:datetime}?}",
        "windows((int32,string);1h){Total|Sum~(int64):decimal;Name~First,Last(string,string):string}",
        "keyed(int64){All:list<map<string,set<guid>>>;Bytes:bytes?;Codec:codec<A.B<C>>;Packed:memorypack:A.B<C>[]}",
        "splits{}",
    ];

    public string Name => "schema";

    public void Run(Random random)
    {
        var text = Mutator.Mutate(random, random.Pick(Valid), 4);
        try
        {
            StateMatcher.Parse("rows", StateMatcher.Parse("rows", text).ToString());
        }
        catch (PipelineException)
        {
            // Refused, with a message.
        }
    }
}
