using Penstock.Checkpoints;

namespace Penstock.Runtime.Tests.Engine;

/// <summary>Where saved state does not fit, the message names the field.</summary>
public class SchemaDifferenceTests
{
    [Theory]
    [InlineData("keyed(int64){A:int32}", "keyed(string){A:int32}", "it was saved as keyed(int64) and the program has keyed(string)")]
    [InlineData("keyed(int64){A:int32}", "windows(int64;10,0){A:int32}", "it was saved as keyed(int64) and the program has windows(int64;10,0)")]
    [InlineData("keyed(int64){A:int32;B:string}", "keyed(int64){A:int32}", "field 'B' of type string is gone")]
    [InlineData("keyed(int64){}", "keyed(int64){A:int32}", "field 'A' of type int32 is new")]
    [InlineData("keyed(int64){A:int32}", "keyed(int64){A:int64}", "field 'A' was saved as int32 and is now int64")]
    [InlineData("keyed(int64){A:list<record{X:int32;Y:int32}>}", "keyed(int64){A:list<record{X:int32}>}", "field 'A' was saved as list<record{X:int32;Y:int32}> and is now list<record{X:int32}>")]
    [InlineData("keyed(int64){A:record{X:int32;L:record{Y:int32}?};B:int32}", "keyed(int64){A:record{X:int32;L:record{Y:int32;Z:int32}?};B:int32}", "in field 'A', in field 'L', field 'Z' of type int32 is new")]
    [InlineData("keyed(int64){A:record{X:int32}}", "keyed(int64){A:record{X:int32}?}", "field 'A' was saved as record{X:int32} and is now record{X:int32}?")]
    public void The_first_difference_is_named(string saved, string expected, string description) =>
        Assert.Equal(description, SchemaDifference.Describe(saved, expected));
}
